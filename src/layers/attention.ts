import { type Part, splitView, whole, wholeView } from './parts.ts';
import type { Role } from './role.ts';
import type { SpelledName } from './words.ts';

/**
 * Query, key and value stacked in one matrix: PyTorch's `in_proj_weight`, timm's `qkv`, GPT-2's `c_attn` and
 * similar ones. `query_key_value` (GPT-NeoX, BLOOM) is not among them: it interleaves the three by head, and the
 * file does not contain the number of heads.
 */
const PACKED: readonly { readonly name: RegExp; readonly parts: readonly string[] }[] = [
  { name: /(?:^|[._/])in_proj_weight$/, parts: ['q', 'k', 'v'] },
  { name: /(?:^|[._/])(?:qkv|Wqkv|qkv_proj|c_attn)[./](?:weight|kernel)$/, parts: ['q', 'k', 'v'] },
  { name: /(?:^|[._/])kv[./](?:weight|kernel)$/, parts: ['k', 'v'] },
];

/**
 * The parts of a packed attention matrix, or null if it is not one. It is stacked along the side whose ratio to the
 * other is the number of parts: rows in PyTorch's Linear, columns where weights are inputs x outputs (GPT-2, Keras).
 * Parts of different sizes (grouped queries) cannot be recognised from the shape.
 */
export const attentionParts = (name: string, shape: readonly number[]): Part[] | null => {
  const parts = PACKED.find((packed) => packed.name.test(name))?.parts;
  if (parts === undefined || shape.length !== 2) return null;
  const [rows, columns] = shape;
  if (rows === parts.length * columns) return splitView(shape, 0, parts);
  if (columns === parts.length * rows) return splitView(shape, 1, parts);
  return null;
};

const ATTENTION =
  /^(?:(?:self|cross|multihead|x)?att(?:n|ention)|mha|mqa|gqa|multihead|wqkv|qkv|qkvo|[qkvo]proj)$/;
const PROJECTION = /^(?:q|k|v|o|qkv|kv)$/;

/** `q_proj`, `to_k`, `query_key_value`: an attention projection whose name does not mention attention. */
const isProjection = (element: readonly string[]): boolean => {
  const [first, second] = element;
  if (element.length === 2 && second === 'proj') return PROJECTION.test(first);
  if (element.length === 2 && first === 'to') return PROJECTION.test(second);
  return element.join('_') === 'query_key_value';
};

/** Whether the name says attention, in a whole word: `self_attn`, `attn1`; `attentions` contains more than attention. */
export const isAttention = ({ leaf, module, outer, words }: SpelledName): boolean =>
  [...words].some((word) => ATTENTION.test(word)) || [leaf, module, ...outer].some(isProjection);

const INPUTS = /^(?:query|key|value)(?:_dense|_proj)?$/;
const OUTPUTS = /^(?:out|attention_output|output_dense)$/;

/**
 * How many leading axes of an attention's kernel are its rows: 1 of query, key and value (model, heads, dimension), 2
 * of the output (heads, dimension, model); null for other names. Keras and Flax store them this way.
 */
export const headedRows = (owner: string): 1 | 2 | null => {
  if (INPUTS.test(owner)) return 1;
  return OUTPUTS.test(owner) ? 2 : null;
};

/** An attention's kernel whose heads have their own axis. */
export const headedRole = (shape: readonly number[], rows: 1 | 2): Role => ({
  kind: 'attention',
  parts: whole(wholeView(shape, rows)),
});
