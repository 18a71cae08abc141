import type { LayerSpectrum } from '../../src/protocol/messages.ts';

/** p(lambda) = height (lambda / from)^-alpha on [from, to], normalised like the density that it was fitted to. */
export interface TailFit {
  readonly place: number;
  readonly alpha: number;
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/**
 * The fitted law (Clauset, Shalizi and Newman 2009): (alpha - 1) / xmin (lambda / xmin)^-alpha has mass 1 above xmin,
 * and is drawn scaled by the tail's share of all `count` eigenvalues. Null without a fit.
 */
export const tailFit = (
  { metrics, singularValues }: LayerSpectrum,
  place: number,
  count: number,
): TailFit | null => {
  const [alpha, xmin, tail] = (['alpha', 'xmin', 'tail'] as const).map((key) => metrics[key]?.value ?? null);
  const largest = (singularValues[0] ?? 0) ** 2;
  if (alpha === null || xmin === null || tail === null || !(alpha > 1 && xmin > 0 && largest > xmin))
    return null;
  return {
    place,
    alpha,
    from: xmin,
    to: largest,
    height: ((tail / count) * (alpha - 1)) / xmin,
  };
};

export const fitAt = ({ alpha, from, height }: TailFit, lambda: number): number =>
  height * (lambda / from) ** -alpha;
