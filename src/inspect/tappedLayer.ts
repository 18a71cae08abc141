import type { Experiment } from '../experiment/index.ts';
import { inputFault, type LayerAnalysis, type LayerInfo } from '../protocol/index.ts';
import { sizeOf } from '../runtime/index.ts';

/** A layer to read, and how its representation becomes a vector. */
export interface TappedLayer {
  readonly name: string;
  readonly part: LayerInfo['part'];
  readonly role: LayerAnalysis['role'];
  /** Length of the vector: channels of an averaged map, otherwise every value of the sample. */
  readonly dimensions: number;
  readonly pooling: 'average over positions' | 'none';
}

/** Maps are averaged over positions, as is usual before a probe; the input is used in full. */
const poolingOf = ({ part, shape }: LayerInfo): TappedLayer['pooling'] =>
  part !== 'input' && shape.length === 3 ? 'average over positions' : 'none';

const roleOf = (layer: LayerInfo, layers: readonly LayerInfo[]): LayerAnalysis['role'] => {
  if (layer.part === 'input' || layer.part === 'classifier') return layer.part;
  const last = layers.filter(({ part }) => part === layer.part).at(-1);
  if (layer.name !== last?.name) return 'inner';
  return layer.part === 'encoder' ? 'pre-projection' : 'post-projection';
};

/** The last map of a convolutional encoder, averaged over positions, equals the pool that follows it: one is enough. */
const isReadAsPool = (layer: LayerInfo, next: LayerInfo | undefined): boolean =>
  layer.part === 'encoder' && layer.shape.length === 3 && next?.name === 'encoder.pool';

/** The layers that the experiment requests, in the order of the model. `all`: every representation once. */
export const tapLayers = (layers: readonly LayerInfo[], wanted: Experiment['layers']): TappedLayer[] => {
  const names = layers.map(({ name }) => name);
  if (wanted !== 'all') {
    const unknown = wanted.findIndex((name) => !names.includes(name));
    if (unknown >= 0) {
      throw inputFault(
        `the model has no layer "${wanted[unknown]}"`,
        `/layers/${unknown}`,
        `Choose from ${names.join(', ')}`,
      );
    }
  }
  return layers
    .filter((layer, index) =>
      wanted === 'all' ? !isReadAsPool(layer, layers[index + 1]) : wanted.includes(layer.name),
    )
    .map((layer) => {
      const pooling = poolingOf(layer);
      return {
        name: layer.name,
        part: layer.part,
        role: roleOf(layer, layers),
        dimensions: pooling === 'none' ? sizeOf(layer.shape) : layer.shape[2],
        pooling,
      };
    });
};
