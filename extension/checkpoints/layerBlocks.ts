import type { WeightLayer } from '../../src/protocol/messages.ts';

/** The layers of one repetition of a repeated block, such as `encoder.layer.3`. */
export interface LayerBlock {
  readonly block: string;
  readonly layers: WeightLayer[];
}

/** Layers in the order of the file, those of a repeated block together at the position of its first layer. */
export const inBlocks = (layers: readonly WeightLayer[]): (WeightLayer | LayerBlock)[] => {
  const blocks = new Map<string, LayerBlock>();
  const placed = layers.flatMap((layer): (WeightLayer | LayerBlock)[] => {
    const { block, repeated } = layer;
    const known = blocks.get(block);
    known?.layers.push(layer);
    if (repeated === null) return [layer];
    if (known) return [];
    const first = { block, layers: [layer] };
    blocks.set(block, first);
    return [first];
  });
  // A block of one layer tells no more than the layer.
  return placed.map((one) => ('layers' in one && one.layers.length === 1 ? one.layers[0] : one));
};

/** The name of a layer under its block, without the block's path. */
export const nameInBlock = ({ name, block }: WeightLayer): string =>
  name.slice(block.length).replace(/^[./_]/, '');
