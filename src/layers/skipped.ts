import type { TensorEntry } from '../checkpoint/index.ts';
import { shortened } from '../protocol/index.ts';
import { elementKind } from './elementKind.ts';
import { withoutOutput } from './pathOf.ts';
import { isLine, MOST_AXES } from './role.ts';

/** Longer names are cut in a reason: thousands of tensors may be tied to one. */
const LONGEST_NAME = 200;

/** Why a tensor is left out of the analysis, and whether it counts among the model's parameters all the same. */
export interface Skip {
  readonly reason: string;
  readonly parameters: boolean;
  /** These are weights that are missing from the analysis. */
  readonly warn?: true;
}

const BUFFERS: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|[._/])(?:running|moving)_?(?:mean|var|variance)$/i,
    'is a running statistic of a normalisation, not a weight',
  ],
  [/(?:^|[._/])num_batches_tracked$/, 'counts the batches of a normalisation'],
  [/(?:^|[._/])position_ids$/, 'numbers positions'],
  [/(?:^|[._/])(?:inv_freq|rope_freqs\.weight)$/, 'holds the frequencies of a rotary embedding'],
  [/(?:^|[._/])(?:masked_bias|causal_mask|attn_mask|attention_mask)$/, 'is a mask of the attention'],
  // PyTorch: the base of `orthogonal`, the vectors of `spectral_norm`.
  [/\.parametrizations\.\w{1,80}\.\d{1,4}\.(?:base|_u|_v)$/, 'is a buffer of a parametrisation'],
];

/** GPT-2 stores its causal mask, 1 x 1 x positions x positions, as the bias of its attention. */
const isCausalMask = ({ name, shape }: TensorEntry): boolean =>
  /(?:^|[._/])attn(?:[._/]attention)?[._/]bias$/.test(name) &&
  shape.length === 4 &&
  shape[0] === 1 &&
  shape[1] === 1;

const bufferReason = (entry: TensorEntry): string | undefined =>
  isCausalMask(entry)
    ? 'is a mask of the attention'
    : BUFFERS.find(([pattern]) => pattern.test(withoutOutput(entry.name)))?.[1];

const NOT_REAL = {
  truth: 'holds truth values',
  complex: 'holds complex numbers',
  text: 'holds text',
  integer: 'holds integers',
} as const;

/**
 * Why this tensor is neither a weight matrix nor a vector, or null if it is one. `tiedTo` names the tensor that holds
 * the same numbers.
 */
export const skipOf = (entry: TensorEntry, tiedTo: string | undefined): Skip | null => {
  const { shape, dtype, optimiser, unreadable, belongsTo, unscaled } = entry;
  const without = (reason: string): Skip => ({ reason, parameters: false });
  const weights = (reason: string): Skip => ({ reason, parameters: true });
  if (optimiser) return without('is state of the training, not a weight');
  const buffer = bufferReason(entry);
  if (buffer !== undefined) return without(buffer);
  if (belongsTo !== undefined) return without(belongsTo);
  const kind = elementKind(dtype);
  if (unreadable !== undefined) return { reason: unreadable, parameters: kind === 'real', warn: true };
  if (unscaled !== undefined) return { reason: unscaled, parameters: true, warn: true };
  if (kind !== 'real') return without(NOT_REAL[kind]);
  if (shape.includes(0)) return without('has no values');
  if (tiedTo !== undefined) return without(`is tied to ${shortened(tiedTo, LONGEST_NAME)}`);
  if (shape.length === 0) return weights('is a single number');
  if (shape.length > MOST_AXES && !isLine(shape)) return weights(`has ${shape.length} dimensions`);
  return null;
};
