import { describe, expect, it } from 'vitest';
import { inBlocks, nameInBlock } from '../../../extension/checkpoints/layerBlocks.ts';
import type { WeightLayer } from '../../../src/protocol/index.ts';
import { inventedLayer } from '../webview/inventedLayers.ts';

const layer = (name: string, block: string, repeated: string | null): WeightLayer =>
  inventedLayer({ name, block, repeated });
const inLayer = (index: number, part: string): WeightLayer =>
  layer(`encoder.layer.${index}.${part}`, `encoder.layer.${index}`, 'encoder.layer.*');

const shape = (layers: readonly WeightLayer[]) =>
  inBlocks(layers).map((one) => ('layers' in one ? [one.block, ...one.layers.map(nameInBlock)] : one.name));

describe('inBlocks', () => {
  it('puts the layers of a repeated block together, where the first of them stands', () => {
    const layers = [
      layer('embeddings.weight', 'embeddings', null),
      inLayer(0, 'attn.q.weight'),
      inLayer(1, 'attn.q.weight'),
      inLayer(0, 'mlp.weight'),
      inLayer(1, 'mlp.weight'),
      layer('pooler.weight', 'pooler', null),
    ];
    expect(shape(layers)).toEqual([
      'embeddings.weight',
      ['encoder.layer.0', 'attn.q.weight', 'mlp.weight'],
      ['encoder.layer.1', 'attn.q.weight', 'mlp.weight'],
      'pooler.weight',
    ]);
  });

  it('leaves layers alone that are the only one of their block, or not repeated', () => {
    expect(
      shape([layer('head.1.weight', 'head.1', 'head.*'), layer('head.2.weight', 'head.2', 'head.*')]),
    ).toEqual(['head.1.weight', 'head.2.weight']);
    expect(shape([layer('a.x', 'a', null), layer('a.y', 'a', null)])).toEqual(['a.x', 'a.y']);
  });

  it('names parts of a tensor that is the block itself', () => {
    const parts = ['q', 'k'].map((part) => layer(`qkv.0[${part}]`, 'qkv.0', 'qkv.*'));
    expect(shape(parts)).toEqual([['qkv.0', '[q]', '[k]']]);
  });
});
