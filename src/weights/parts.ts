import { type Axis, axesOf, type MatrixView } from './view.ts';

/** A matrix inside a tensor, by the name of its part; null when it is the whole. */
export interface Part {
  readonly part: string | null;
  readonly view: MatrixView;
}

/** A tensor as one matrix, its first `leading` axes being the rows. */
export const wholeView = (shape: readonly number[], leading = 1): MatrixView => {
  const axes = axesOf(shape);
  return { offset: 0, rows: axes.slice(0, leading), columns: axes.slice(leading), slices: [] };
};

export const whole = (view: MatrixView): Part[] => [{ part: null, view }];

const share = ({ extent, stride }: Axis, parts: number): Axis => ({ extent: extent / parts, stride });

/** Equal runs of the rows (`axis` 0) or columns (1) of a matrix of this shape, one for each name. */
export const splitView = (shape: readonly number[], axis: 0 | 1, names: readonly string[]): Part[] => {
  const [rows, columns] = axesOf(shape);
  const cut = share(axis === 0 ? rows : columns, names.length);
  return names.map((part, i) => ({
    part,
    view: {
      offset: i * cut.extent * cut.stride,
      rows: [axis === 0 ? cut : rows],
      columns: [axis === 1 ? cut : columns],
      slices: [],
    },
  }));
};

/** One matrix for each entry of the first axis, by its number. */
export const stackedViews = (shape: readonly number[]): Part[] => {
  const [stack, rows, columns] = axesOf(shape);
  return Array.from({ length: stack.extent }, (_, i) => ({
    part: String(i),
    view: { offset: i * stack.stride, rows: [rows], columns: [columns], slices: [] },
  }));
};
