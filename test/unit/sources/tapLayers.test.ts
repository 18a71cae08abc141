import { describe, expect, it } from 'vitest';
import type { LayerInfo } from '../../../src/protocol/index.ts';
import { tapLayers } from '../../../src/sources/run/tapLayers.ts';

const layers: LayerInfo[] = [
  { name: 'input', part: 'input', shape: [12288] },
  { name: 'encoder.conv1', part: 'encoder', shape: [32, 32, 16] },
  { name: 'encoder.conv2', part: 'encoder', shape: [4, 4, 256] },
  { name: 'encoder.pool', part: 'encoder', shape: [256] },
];
const dimensionsOf = (asked: Parameters<typeof tapLayers>[1]) =>
  tapLayers(layers, asked).map(({ name, dimensions, pooling }) => [name, dimensions, pooling]);

describe('layers that are read', () => {
  it('leave out the map whose mean is the pool that follows it, and only then', () => {
    expect(dimensionsOf({ layers: 'all', pooling: 'mean' })).toEqual([
      ['input', 12288, 'none'],
      ['encoder.conv1', 16, 'average over positions'],
      ['encoder.pool', 256, 'none'],
    ]);
    expect(dimensionsOf({ layers: 'all', pooling: 'mean-max' })).toEqual([
      ['input', 12288, 'none'],
      ['encoder.conv1', 32, 'average and maximum over positions'],
      ['encoder.conv2', 512, 'average and maximum over positions'],
      ['encoder.pool', 256, 'none'],
    ]);
  });

  it('are flattened up to 4,096 values', () => {
    expect(dimensionsOf({ layers: ['encoder.conv2', 'encoder.pool'], pooling: 'flatten' })).toEqual([
      ['encoder.conv2', 4096, 'none'],
      ['encoder.pool', 256, 'none'],
    ]);
    expect(() => tapLayers(layers, { layers: 'all', pooling: 'flatten' })).toThrow(
      'encoder.conv1 has 16,384 values, more than the 4,096 that can be flattened',
    );
  });
});
