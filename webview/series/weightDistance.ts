import type { LayerSpectrum } from '../../src/protocol/index.ts';

export interface SpectrumDistance {
  /** ||sigma_A - sigma_B|| / ||sigma_A|| over the leading `length` values; null if those of A are all zero. */
  readonly value: number | null;
  readonly length: number;
  /** Number of values of each. */
  readonly lengths: readonly [a: number, b: number];
}

/** The distance of two descending spectra, relative to the first, over their common length. */
export const spectrumDistance = (
  a: Pick<LayerSpectrum, 'singularValues'>,
  b: Pick<LayerSpectrum, 'singularValues'>,
): SpectrumDistance => {
  const [ofA, ofB] = [a.singularValues, b.singularValues];
  const length = Math.min(ofA.length, ofB.length);
  let [apart, size] = [0, 0];
  for (let k = 0; k < length; k++) {
    apart += (ofA[k] - ofB[k]) ** 2;
    size += ofA[k] ** 2;
  }
  return {
    value: size > 0 ? Math.sqrt(apart / size) : null,
    length,
    lengths: [ofA.length, ofB.length],
  };
};
