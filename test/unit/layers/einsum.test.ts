import { expect, it } from 'vitest';
import { einsumParts } from '../../../src/layers/einsum.ts';

const described = (equation: string, shape: readonly number[]) =>
  einsumParts(equation, shape)?.map(({ part, view }) => [
    part,
    view.offset,
    view.rows.map(({ extent }) => extent).join('x'),
    view.columns.map(({ extent }) => extent).join('x'),
  ]) ?? null;

it.each([
  // Keras's own examples, and the projections of an attention.
  ['ab,bc->ac', [3, 5], [[null, 0, '3', '5']]],
  ['abc,cd->abd', [3, 5], [[null, 0, '3', '5']]],
  ['...x,xy->...y', [3, 5], [[null, 0, '3', '5']]],
  ['abc,cde->abde', [6, 2, 3], [[null, 0, '6', '2x3']]],
  ['abcd,cde->abe', [2, 3, 6], [[null, 0, '2x3', '6']]],
  // A matrix for each expert.
  [
    'ebi,eio->ebo',
    [2, 3, 4],
    [
      ['0', 0, '3', '4'],
      ['1', 12, '3', '4'],
    ],
  ],
  ['ab,bc->ac', [3, 5, 2], null],
  ['abc,cbd->abd', [3, 5, 2], null],
  ['nonsense', [3, 5], null],
])('cuts the kernel of %s of %j', (equation, shape, parts) => {
  expect(described(equation, shape)).toEqual(parts);
});
