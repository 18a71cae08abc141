import type { Axis } from '../../experiment/index.ts';

/**
 * What the axes of a tapped tensor are. The samples are the axis that grows with them; of a map, the dimensions are its channels,
 * which the two equal extents of its positions tell apart; of tokens, they are the last axis, unless a convolution made it.
 * @param channels what is known of them: that they are last, or that a convolution made the tensor.
 * @param shape for some samples.
 * @param more for one sample more; null for a model that takes a fixed number of samples.
 * @returns null for a tensor that is not one value or more for each sample.
 */
export const tapAxes = (
  shape: readonly number[],
  more: readonly number[] | null,
  samples: number,
  channels: 'last' | 'convolved' | null,
): Axis[] | null => {
  const at = sampleAxis(shape, more, samples);
  if (at < 0 || shape.length < 2) return null;
  const rest = shape.flatMap((_, axis) => (axis === at ? [] : [axis]));
  const own = channels === 'last' ? rest[rest.length - 1] : channelAxis(shape, rest, channels !== null);
  return shape.map((_, axis): Axis => (axis === at ? 'sample' : axis === own ? 'dimension' : 'token'));
};

const sampleAxis = (shape: readonly number[], more: readonly number[] | null, samples: number): number =>
  shape.findIndex((extent, axis) => extent === samples && (more === null || more[axis] === samples + 1));

const channelAxis = (shape: readonly number[], rest: readonly number[], isConvolved: boolean): number => {
  const first = rest[0];
  const last = rest[rest.length - 1];
  if (rest.length === 3) {
    const [a, b, c] = rest.map((axis) => shape[axis]);
    if (b === c && a !== b) return first;
    if (a === b && b !== c) return last;
  }
  return isConvolved ? first : last;
};
