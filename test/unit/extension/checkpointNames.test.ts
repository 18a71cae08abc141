import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  arrayPaths,
  DATA_ENDINGS,
  isCheckpointName,
  MODEL_ENDINGS,
  modelPaths,
} from '../../../extension/checkpoints/checkpointNames.ts';

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

describe('arrayPaths', () => {
  const paths = [
    '/w/z.npz',
    '/w/pytorch_model.bin',
    '/w/data/images.npy',
    '/w/a.onnx',
    '/w/.pentimento/runs/a/x.npz',
  ];

  it('lists what may hold a model or data', () => {
    expect(arrayPaths(paths, [])).toEqual(['/w/data/images.npy', '/w/pytorch_model.bin', '/w/z.npz']);
  });

  it('leaves out the data that an experiment names', () => {
    const experiment = JSON.stringify({ data: { kind: 'npz', inputs: '../data/images.npy' } });
    expect(arrayPaths(paths, ['', experiment])).toEqual(['/w/pytorch_model.bin', '/w/z.npz']);
    // A name that only ends like another is another.
    expect(arrayPaths(['/w/s.npy'], [experiment])).toEqual(['/w/s.npy']);
  });
});

describe('the editor of the manifest', () => {
  const { customEditors } = JSON.parse(readFileSync('package.json', 'utf8')).contributes as {
    customEditors: { priority: string; selector: { filenamePattern: string }[] }[];
  };
  const patternsOf = (priority: string) =>
    customEditors
      .find((editor) => editor.priority === priority)
      ?.selector.map((each) => each.filenamePattern);

  it('opens models by itself', () => {
    expect(patternsOf('default')).toEqual(MODEL_ENDINGS.map((ending) => `*.${ending}`));
  });

  it('is offered for what may be data, and for indexes', () => {
    expect(patternsOf('option')).toEqual([
      ...DATA_ENDINGS.map((ending) => `*.${ending}`),
      '*.safetensors.index.json',
      '*.bin.index.json',
      'model.json',
      '*weights_manifest.json',
    ]);
  });
});

describe('the menus and the activation of the manifest', () => {
  const text = readFileSync('package.json', 'utf8');

  it('know every ending', () => {
    const lists = [...text.matchAll(/resourceExtname =~ \/\^\\\\\.\(([\w|]+)\)\$\/i/g)].map(([, list]) =>
      list.split('|').sort(),
    );
    const all = [...MODEL_ENDINGS, ...DATA_ENDINGS].sort();
    // Recorded activations, and models to run on data.
    const inspected = [
      'arrow',
      'bin',
      'h5',
      'hdf5',
      'mat',
      'npy',
      'npz',
      'onnx',
      'parquet',
      'pt',
      'pth',
      'safetensors',
    ];
    // The way back to our editor, then the menus of the explorer.
    expect(lists).toEqual([[...DATA_ENDINGS].sort(), inspected, all, all]);
  });

  it('wake the extension where a model is', () => {
    const [, endings] = /workspaceContains:\*\*\/\*\.\{([\w,]+)\}/.exec(text) ?? [];
    // Files of safetensors are also in the folders of runs, so they are looked for less deep.
    const found = text.includes('"workspaceContains:*.safetensors"') ? ['safetensors'] : [];
    expect([...endings.split(','), ...found].sort()).toEqual([...MODEL_ENDINGS].sort());
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
