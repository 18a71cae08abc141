import { describe, expect, it } from 'vitest';
import { isCheckpointName, modelPaths } from '../../../extension/checkpoints/checkpointNames.ts';

describe('modelPaths', () => {
  it('lists models in the order of the alphabet, and leaves out data and what lies in runs', () => {
    expect(
      modelPaths([
        '/w/z.onnx',
        '/w/a.PT',
        '/w/data.npz',
        '/w/array.npy',
        '/w/blob.bin',
        '/w/table.hdf5',
        '/w/notes.txt',
        '/w/.pentimento/runs/demo/checkpoints/last.safetensors',
      ]),
    ).toEqual(['/w/a.PT', '/w/z.onnx']);
  });

  it('lists a sharded model once, by its index', () => {
    const shards = ['/w/model-00001-of-00002.safetensors', '/w/model-00002-of-00002.safetensors'];
    expect(modelPaths([...shards, '/w/model.safetensors.index.json'])).toEqual([
      '/w/model.safetensors.index.json',
    ]);
    // Without the index, or with that of another folder, each is a separate file.
    expect(modelPaths(shards)).toEqual(shards);
    expect(modelPaths([...shards, '/w/other/model.safetensors.index.json'])).toHaveLength(3);
  });
});

describe('isCheckpointName', () => {
  it.each([
    ['a.safetensors', true],
    ['A.GGUF', true],
    ['pytorch_model.bin.index.json', true],
    ['x-weights_manifest.json', true],
    ['model.json', false],
    ['package.json', false],
    ['safetensors', false],
  ])('%s: %s', (name, expected) => {
    expect(isCheckpointName(name)).toBe(expected);
  });
});
