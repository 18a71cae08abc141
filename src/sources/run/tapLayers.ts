import type { Experiment } from '../../experiment/index.ts';
import { type Pooling, pooledSize, poolingWords } from '../../model/index.ts';
import { formatCount, inputFault, type LayerAnalysis, type LayerInfo } from '../../protocol/index.ts';
import type { SourceLayer } from '../source.ts';

const roleOf = (layer: LayerInfo, layers: readonly LayerInfo[]): LayerAnalysis['role'] => {
  if (layer.part === 'input' || layer.part === 'classifier') return layer.part;
  const last = layers.filter(({ part }) => part === layer.part).at(-1);
  if (layer.name !== last?.name) return 'inner';
  return layer.part === 'encoder' ? 'pre-projection' : 'post-projection';
};

/** The last map of a convolutional encoder, averaged over positions, equals the pool that follows it: one is enough. */
const isReadAsPool = (layer: LayerInfo, next: LayerInfo | undefined): boolean =>
  layer.part === 'encoder' && layer.shape.length === 3 && next?.name === 'encoder.pool';

/** The input is used in full. */
const poolingOf = ({ part }: LayerInfo, { pooling }: Pick<Experiment, 'pooling'>): Pooling =>
  part === 'input' ? 'flatten' : pooling;

/** Spectra and probes of more values would take hours, and more memory than most machines have. */
const WIDEST_FLATTENED = 4096;

const refuseWide = ({ name, part, shape }: LayerInfo): void => {
  const values = pooledSize(shape, 'flatten');
  if (part === 'input' || shape.length !== 3 || values <= WIDEST_FLATTENED) return;
  throw inputFault(
    `${name} has ${formatCount(values)} values, more than the ${formatCount(WIDEST_FLATTENED)} that can be flattened`,
    '/pooling',
    'Use "mean-max", or name smaller layers in "layers"',
  );
};

/** The layers that the experiment requests, in the order of the model. `all`: every representation once. */
export const tapLayers = (
  layers: readonly LayerInfo[],
  asked: Pick<Experiment, 'layers' | 'pooling'>,
): SourceLayer[] => {
  const wanted = asked.layers;
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
      wanted === 'all'
        ? asked.pooling !== 'mean' || !isReadAsPool(layer, layers[index + 1])
        : wanted.includes(layer.name),
    )
    .map((layer) => {
      const pooling = poolingOf(layer, asked);
      if (pooling === 'flatten') refuseWide(layer);
      return {
        name: layer.name,
        part: layer.part,
        role: roleOf(layer, layers),
        dimensions: pooledSize(layer.shape, pooling),
        pooling: poolingWords(layer.shape, pooling),
      };
    });
};
