import { ELEMENT_TYPE, type GraphBuilder } from '../../runtime/index.ts';
import type { TappedLayer } from '../../sources/index.ts';

/** What becomes one vector for each sample. */
type Pooled = Pick<TappedLayer, 'tensor' | 'type' | 'axes' | 'pooling' | 'mask'>;

const scalar = (graph: GraphBuilder, value: number): string =>
  graph.constant('float32', [], new Uint8Array(Float32Array.of(value).buffer));

/**
 * Adds what makes a vector of a tensor, as layers are read: float32 [samples, dimensions]. Only operators whose form has never
 * changed are used, so that they suit a model of any operator set from `poolingNeeds` on.
 * @returns the name of the result.
 */
export const addPooling = (graph: GraphBuilder, layer: Pooled): string => {
  const { tensor, type, axes, pooling, mask } = layer;
  const values = type === 'float32' ? tensor : graph.node('Cast', [tensor], { to: ELEMENT_TYPE.float32 });
  const order = [axes.indexOf('sample'), axes.indexOf('dimension'), ...tokenAxes(layer)];
  const inOrder = order.every((axis, at) => axis === at);
  // [samples, dimensions, ...tokens]
  const x = inOrder ? values : graph.node('Transpose', [values], { perm: order });
  if (pooling === null) return x;
  if (mask !== null) return addMasked(graph, x, mask, pooling);
  if (pooling === 'mean') return flat(graph, graph.node('GlobalAveragePool', [x]));
  if (pooling === 'max') return flat(graph, graph.node('GlobalMaxPool', [x]));
  const index = graph.constant(
    'int64',
    [],
    new Uint8Array(BigInt64Array.of(pooling === 'first' ? 0n : -1n).buffer),
  );
  return tokenAxes(layer).reduce((all) => graph.node('Gather', [all, index], { axis: 2 }), x);
};

const tokenAxes = ({ axes }: Pick<Pooled, 'axes'>): number[] =>
  axes.flatMap((axis, at) => (axis === 'token' ? [at] : []));

const flat = (graph: GraphBuilder, x: string): string => graph.node('Flatten', [x], { axis: 1 });

/** @param x [samples, dimensions, tokens] */
const addMasked = (
  graph: GraphBuilder,
  x: string,
  mask: string,
  pooling: NonNullable<Pooled['pooling']>,
): string => {
  const isToken = graph.node('Cast', [mask], { to: ELEMENT_TYPE.bool });
  const ones = graph.node('Cast', [isToken], { to: ELEMENT_TYPE.float32 });
  const shaped = (value: string, shape: readonly number[]): string =>
    graph.node('Reshape', [value, graph.integers(shape)]);
  if (pooling === 'first' || pooling === 'last') {
    const place = graph.node('ArgMax', [ones], {
      axis: 1,
      keepdims: 1,
      select_last_index: pooling === 'last' ? 1 : 0,
    });
    const tokens = graph.node('Transpose', [x], { perm: [0, 2, 1] });
    return graph.node('GatherND', [tokens, place], { batch_dims: 1 });
  }
  const asRow = shaped(isToken, [0, 1, -1]);
  if (pooling === 'max') {
    const kept = graph.node('Where', [asRow, x, scalar(graph, Number.NEGATIVE_INFINITY)]);
    return flat(graph, graph.node('GlobalMaxPool', [kept]));
  }
  // What is padding may be no number, which a product with 0 would keep.
  const kept = graph.node('Where', [asRow, x, scalar(graph, 0)]);
  const column = shaped(ones, [0, -1, 1]);
  const sum = graph.node('MatMul', [kept, column]);
  const count = graph.node('MatMul', [shaped(ones, [0, 1, -1]), column]);
  return flat(graph, graph.node('Div', [sum, count]));
};

/** The first operator set that has what the pooling of a layer is made of. */
export const poolingNeeds = ({ pooling, mask }: Pick<Pooled, 'pooling' | 'mask'>): number => {
  if (pooling === null) return 6;
  if (mask !== null) return pooling === 'first' || pooling === 'last' ? 12 : 9;
  return pooling === 'last' ? 11 : 6;
};
