import { describe, expect, it } from 'vitest';
import { fileOfMention, filePaths, mentionsInLine } from '../../../extension/inline/checkpointMentions.ts';

const paths = (text: string) => mentionsInLine(text, 7).map(({ path }) => path);

describe('a line of code that names a checkpoint', () => {
  it.each([
    ['model = torch.load("runs/last model.pt")', ['runs/last model.pt']],
    ["state = load_file('model.safetensors', device='cpu')", ['model.safetensors']],
    ['const path = `weights/best.onnx`;', ['weights/best.onnx']],
    ['checkpoint: ./out/epoch=3-step=10.ckpt  # the best', ['./out/epoch=3-step=10.ckpt']],
    ['See [the weights](models/a.gguf) and `b.h5`.', ['models/a.gguf', 'b.h5']],
    [String.raw`p = "C:\\models\\a.keras"`, [String.raw`C:\\models\\a.keras`]],
    ['{"index": "model.safetensors.index.json"}', ['model.safetensors.index.json']],
    ['x = "tfjs/group1-weights_manifest.json"', ['tfjs/group1-weights_manifest.json']],
    ['one "a.pt" two "b c.pt" \'d.pt" `e.pt`', ['a.pt', 'b c.pt', 'd.pt', 'e.pt']],
    ['weights=a.pt/b.h5@main or hub/x.onnx+3', ['weights=a.pt/b.h5', 'hub/x.onnx']],
  ])('%s', (text, expected) => expect(paths(text)).toEqual(expected));

  it.each([
    'import torch.pt_utils as ptx',
    'url = "https://example.org/model.safetensors"',
    'a.ptx = 3; b.onnxruntime = 4',
    'nothing here',
    'see https://example.org/model.safetensors',
    'endings: .pt and .safetensors',
    `"${'x'.repeat(3000)}.pt"`,
  ])('none: %s', (text) => expect(paths(text)).toEqual([]));

  it('says where', () => {
    const text = '  w = "a b.pt"';
    const [{ line, start, end }] = mentionsInLine(text, 7);
    expect([line, text.slice(start, end)]).toEqual([7, 'a b.pt']);
  });

  it('takes a hostile line in no time', () => {
    const text = `${'"a.'.repeat(600)}`;
    expect(paths(text)).toEqual([]);
  });
});

describe('the file that is meant', () => {
  const files = filePaths([
    '/w/a/model.pt',
    '/w/model.pt',
    '/w/b/other.onnx',
    '/w/c/twice.h5',
    '/w/d/twice.h5',
  ]);
  it.each([
    ['model.pt', '/w/a', '/w/a/model.pt'],
    ['model.pt', '/w/b', '/w/model.pt'],
    ['./model.pt', '/w/a/deep', '/w/a/model.pt'],
    ['../model.pt', '/w/a', '/w/model.pt'],
    ['../missing.pt', '/w/a', undefined],
    ['a/model.pt', '/w/b', '/w/a/model.pt'],
    [String.raw`a\model.pt`, '/w', '/w/a/model.pt'],
    ['other.onnx', '/w/a', '/w/b/other.onnx'],
    ['twice.h5', '/w/a', undefined],
    ['d/twice.h5', '/elsewhere', '/w/d/twice.h5'],
    ['/w/b/other.onnx', '/w/a', '/w/b/other.onnx'],
    ['/other.onnx', '/w/a', undefined],
  ])('%s in %s is %s', (mention, folder, expected) => {
    expect(fileOfMention(mention, folder, files)).toBe(expected);
  });
});
