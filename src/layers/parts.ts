import { type Axis, axesOf, extentOf, type MatrixView } from './view.ts';

/** A matrix inside a tensor, by the name of its part; null if it is the whole tensor. */
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

/** Equal runs of the rows (`axis` 0) or columns (1) of a view, which is one axis there; one for each name. */
export const splitParts = (view: MatrixView, axis: 0 | 1, names: readonly string[]): Part[] => {
  const [side] = axis === 0 ? view.rows : view.columns;
  const cut = share(side, names.length);
  return names.map((part, i) => ({
    part,
    view: {
      ...view,
      offset: view.offset + i * cut.extent * cut.stride,
      ...(axis === 0 ? { rows: [cut] } : { columns: [cut] }),
    },
  }));
};

/** Equal runs of the rows or columns of a matrix of this shape. */
export const splitView = (shape: readonly number[], axis: 0 | 1, names: readonly string[]): Part[] =>
  splitParts(wholeView(shape), axis, names);

/** More matrices than any model has layers or experts are treated as one layer. */
const MOST_STACKED = 1024;

const joined = (outer: string, inner: string | null): string =>
  inner === null ? outer : `${outer}.${inner}`;

/** The indices of entry `i` in a row-major tensor of these extents, as `2.0`. */
const placeOf = (extents: readonly number[], i: number): string => {
  const places: number[] = [];
  let left = i;
  for (const extent of [...extents].reverse()) {
    places.unshift(left % extent);
    left = Math.floor(left / extent);
  }
  return places.join('.');
};

/**
 * The parts of each tensor in a stack along its first `leading` axes, by their index: layers that JAX scans over,
 * experts. `inner` are the parts of one of them.
 */
export const stackedParts = (
  shape: readonly number[],
  leading: number,
  inner: readonly Part[],
): readonly Part[] => {
  const axes = axesOf(shape).slice(0, leading);
  const count = extentOf(axes);
  if (count * inner.length > MOST_STACKED) {
    return inner.map(({ part, view }) => ({ part, view: { ...view, slices: [...axes, ...view.slices] } }));
  }
  const stride = axes.at(-1)?.stride ?? 0;
  return Array.from({ length: count }, (_, i) =>
    inner.map(({ part, view }) => ({
      part: joined(placeOf(shape.slice(0, leading), i), part),
      view: { ...view, offset: view.offset + i * stride },
    })),
  ).flat();
};

/** A stack of matrices: the last two axes of each, rows first. */
export const stackedMatrices = (shape: readonly number[]): readonly Part[] =>
  stackedParts(shape, shape.length - 2, whole(wholeView(shape.slice(-2))));
