import type { TensorEntry } from '../../checkpoint/index.ts';
import { isFloating, isSixteenBits } from './recordedArray.ts';

/** What the name and the shape of an array say about its use. */
export type ArrayRole = 'activations' | 'mask' | 'tokens' | 'label' | 'other';

const MASK = /(?:^|[._/])(?:attention_?|padding_?)?masks?$/i;
const TOKENS =
  /(?:^|[._/])(?:token_?ids?|input_?ids?|position_?ids?|tokens|lengths?|index|indices|row_?ids?)$/i;
/** Names of arrays with one value for each sample that are no labels. */
const OTHER = /(?:^|[._/])(?:loss|losses|bpb|num_params|ids?|seeds?|steps?|epochs?)$/i;

/** Integers of 16 bits with more than one axis are the bits of floating-point numbers: no model has such activations. */
export const roleOf = ({ name, dtype, shape, optimiser }: TensorEntry): ArrayRole => {
  if (optimiser === true) return 'other';
  if (MASK.test(name)) return 'mask';
  if (TOKENS.test(name)) return 'tokens';
  const isWide = shape.filter((extent) => extent > 1).length > 1;
  if (isWide) return isFloating(dtype) || isSixteenBits(dtype) ? 'activations' : 'other';
  if (LABEL.test(name)) return 'label';
  if (OTHER.test(name)) return 'other';
  // One axis: a label if it is no vector of floats, which may be one sample's activations.
  return isFloating(dtype) && shape.some((extent) => extent > 1) ? 'activations' : 'label';
};

/** What people call labels, as a part of a name. */
export const LABEL = /(?:^|[._/-])(?:labels?|targets?|classes|class_ids?|y)(?:$|[._/-])/i;

/** Whether a name says that what has the number, or the name itself, is a layer. */
export const namesLayer = (text: string): boolean =>
  /(?:layer|block|stage|hidden|resid|encoder|decoder|embed|pool|norm|attn|mlp|conv|relu|fc|head|module|transformer)s?/i.test(
    text,
  ) || /(?:^|[._/])h\.?$/i.test(text);

/** Whether a name says that what has the number is a part of the samples. */
export const namesChunk = (text: string): boolean =>
  /(?:chunk|part|shard|batch|rank|data)s?[._-]?$/i.test(text);

/** Whether a name says that what has the number is a sample. */
export const namesSample = (text: string): boolean =>
  /(?:sample|example|prompt|request|req|sequence|seq|sentence|stimulus|image|img|item|doc)s?[._-]?$/i.test(
    text,
  );
