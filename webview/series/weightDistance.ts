import type { LayerSpectrum } from '../../src/protocol/index.ts';

export interface SpectrumDistance {
  /** ||sigma_A - sigma_B|| / ||sigma_A|| over the leading `length` values; null when those of A are all zero. */
  readonly value: number | null;
  readonly length: number;
  /** Values that each has. */
  readonly lengths: readonly [a: number, b: number];
}

/** How far two descending spectra are apart, relative to the first, on the length that both have. */
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
