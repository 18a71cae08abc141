import type { Tensors } from './role.ts';

/**
 * Note for what is stored instead of a weight that the model recomputes each time: not the matrix that it
 * multiplies with.
 */
const DIRECTION =
  'the direction that weight_norm scales, as it is stored: the matrix of the model has other values';
const NOT_NORMALISED =
  'the matrix before spectral_norm divides it by its largest singular value, as it is stored';
const NOT_PRUNED = 'the matrix before its mask prunes it, as it is stored: pruned weights are still in it';
const OTHER = 'what a parametrisation makes the matrix of the model from, as it is stored';

/** Longer names do not belong to a parameter: they end in the whole path. */
const OF_PARAMETRISATION = /\.parametrizations\.\w{1,80}\.original(1?)$/;

const withoutEnd = (name: string, end: string): string | null =>
  name.endsWith(end) ? name.slice(0, -end.length) : null;

/**
 * If PyTorch stores a weight in another form than the one that is used (weight_norm, spectral_norm, pruning, in their
 * older and newer forms), a note about the stored form; else undefined. Decided by the name and the tensors beside it.
 */
export const parametrisationNote = (name: string, tensors: Tensors): string | undefined => {
  const direction = withoutEnd(name, '_v');
  if (direction !== null) return tensors.has(`${direction}_g`) ? DIRECTION : undefined;
  const original = withoutEnd(name, '_orig');
  if (original !== null) {
    if (tensors.has(`${original}_mask`)) return NOT_PRUNED;
    return tensors.has(`${original}_u`) ? NOT_NORMALISED : undefined;
  }
  const [end, second] = OF_PARAMETRISATION.exec(name) ?? [];
  if (end === undefined) return undefined;
  if (second === '1') return tensors.has(`${name.slice(0, -1)}0`) ? DIRECTION : OTHER;
  const list = name.slice(0, name.lastIndexOf('.'));
  return tensors.has(`${list}.0._u`) ? NOT_NORMALISED : OTHER;
};

/** Whether this is the mask of zeros and ones that pruning stores beside `weight_orig`. */
export const isPruningMask = (name: string, tensors: Tensors): boolean => {
  const pruned = withoutEnd(name, '_mask');
  return pruned !== null && tensors.has(`${pruned}_orig`);
};
