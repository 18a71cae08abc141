import { type Part, stackedParts, whole } from './parts.ts';
import { axesOf } from './view.ts';

const EQUATION = /^([a-zA-Z.]{1,64}),([a-zA-Z]{1,16})->([a-zA-Z.]{1,64})$/;

/**
 * The matrices of an einsum's kernel: rows are the axes that are summed over, columns those that only the kernel has,
 * with one matrix for each entry of the axes that all three share. Null if the equation does not have a letter for
 * each axis, or the shared axes are not the first ones.
 */
export const einsumParts = (equation: string, shape: readonly number[]): readonly Part[] | null => {
  const [, input, kernel, output] = EQUATION.exec(equation.replaceAll(' ', '')) ?? [];
  if (kernel?.length !== shape.length) return null;
  const letters = [...kernel];
  const shared = letters.filter((letter) => input.includes(letter) && output.includes(letter));
  if (!kernel.startsWith(shared.join(''))) return null;
  const axes = axesOf(shape);
  const axesWhere = (isOne: (letter: string) => boolean) =>
    axes.filter((_, i) => !shared.includes(letters[i]) && isOne(letters[i]));
  const rows = axesWhere((letter) => input.includes(letter));
  const columns = axesWhere((letter) => !input.includes(letter));
  const inner = whole({ offset: 0, rows, columns, slices: [] });
  return shared.length === 0 ? inner : stackedParts(shape, shared.length, inner);
};
