import { type Part, splitView } from './parts.ts';

/**
 * Query, key and value stacked in one matrix: PyTorch's `in_proj_weight`, timm's `qkv`, GPT-2's `c_attn` and what
 * follows them. `query_key_value` (GPT-NeoX, BLOOM) is not among them: it interleaves the three head by head, and
 * the file does not say how many heads there are.
 */
const PACKED: readonly { readonly name: RegExp; readonly parts: readonly string[] }[] = [
  { name: /(?:^|[._/])in_proj_weight$/, parts: ['q', 'k', 'v'] },
  { name: /(?:^|[._/])(?:qkv|Wqkv|qkv_proj|c_attn)[./](?:weight|kernel)$/, parts: ['q', 'k', 'v'] },
  { name: /(?:^|[._/])kv[./](?:weight|kernel)$/, parts: ['k', 'v'] },
];

/**
 * The parts of a packed attention matrix, or null when it is none. It is stacked along the side that is as many times
 * the other as there are parts: rows in PyTorch's Linear, columns where weights are inputs x outputs (GPT-2, Keras).
 * Parts of different sizes (grouped queries) cannot be told apart from the shape.
 */
export const attentionParts = (name: string, shape: readonly number[]): Part[] | null => {
  const parts = PACKED.find((packed) => packed.name.test(name))?.parts;
  if (parts === undefined || shape.length !== 2) return null;
  const [rows, columns] = shape;
  if (rows === parts.length * columns) return splitView(shape, 0, parts);
  if (columns === parts.length * rows) return splitView(shape, 1, parts);
  return null;
};

export const isAttention = (name: string): boolean =>
  /attn|attention|(?:^|[._/])(?:query_key_value|[qkvo]_proj|Wqkv|c_attn|qkv)[./]/i.test(name);

/**
 * Kernels of Keras's MultiHeadAttention: (model, heads, dimension) of query, key and value, and (heads, dimension, model)
 * of the output. How many leading axes are rows, or null for another tensor.
 */
export const headedRows = (name: string): 1 | 2 | null => {
  const layer = /(?:^|[_/])(attention_output|output_dense|query|key|value)(?:_dense)?\/(?:kernel|vars\/0)$/;
  const found = layer.exec(name)?.[1];
  if (found === undefined) return null;
  return found.includes('output') ? 2 : 1;
};
