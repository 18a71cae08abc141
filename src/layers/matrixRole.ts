import { attentionParts, isAttention } from './attention.ts';
import { whole, wholeView } from './parts.ts';
import { withoutOutput } from './pathOf.ts';
import { recurrentParts } from './recurrent.ts';
import type { Role, Tensors } from './role.ts';
import { spell } from './words.ts';

/** The role of a matrix that values are multiplied with, by its name: gates, queries and keys, or just a dense matrix. */
export const matrixRole = (name: string, shape: readonly number[], tensors: Tensors): Role => {
  const recurrent = recurrentParts(name, shape, (other) => tensors.get(other)?.shape);
  if (recurrent !== null) return { kind: 'recurrent', parts: recurrent };
  const plain = withoutOutput(name);
  const packed = attentionParts(plain, shape);
  if (packed !== null) return { kind: 'attention', parts: packed };
  return { kind: isAttention(spell(plain)) ? 'attention' : 'dense', parts: whole(wholeView(shape)) };
};
