import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { InspectionSpec } from '../../../src/experiment/index.ts';
import { ProtobufWriter } from '../../../src/runtime/onnx/protobuf.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';
import { arrays, open, pathOf } from './modelFixtures.ts';

/** Activations in a row: field numbers are those of onnx.proto. */
const chain = (length: number): Uint8Array => {
  const tensor = (name: string) => (value: ProtobufWriter) =>
    value.text(1, name).message(2, (type) =>
      type.message(1, (own) =>
        own.integer(1, 1).message(2, (shape) => {
          for (const extent of [2, 3]) shape.message(1, (axis) => axis.integer(1, extent));
        }),
      ),
    );
  const graph = (own: ProtobufWriter): void => {
    for (let at = 0; at < length; at++) {
      own.message(1, (node) =>
        node
          .text(1, `t${at}`)
          .text(2, `t${at + 1}`)
          .text(4, 'Relu'),
      );
    }
    own
      .text(2, 'chain')
      .message(11, tensor('t0'))
      .message(12, tensor(`t${length}`));
  };
  return new ProtobufWriter()
    .integer(1, 8)
    .message(7, graph)
    .message(8, (opset) => opset.integer(2, 16))
    .finish();
};

describe('a model that cannot be inspected', () => {
  const scratch = scratchFolder();

  it.each<[string, string, NonNullable<InspectionSpec['data']>, Partial<InspectionSpec>, RegExp]>([
    [
      'an unknown layer',
      'residual.onnx',
      arrays('images.npz'),
      { layers: ['/blocks/blocks.7/*'] },
      /^\/layers\/0: there is no layer "\/blocks\/blocks\.7\/\*"\. Choose from stem\.1, /,
    ],
    [
      'a tensor without values for each sample',
      'tokens.onnx',
      arrays('tokens.npz'),
      { layers: ['hidden', '*Shape*'] },
      /tokens\.onnx: tensor ".*Shape.*" is no layer: it does not have floating-point values for each sample\. Name another one/,
    ],
    [
      'arrays of other names',
      'tokens.onnx',
      arrays('images.npz'),
      {},
      /images\.npz: has no array "input_ids" for the input "input_ids" of the model\. Name it in "inputs" of the data; the file has image, kind, split/,
    ],
    [
      'arrays of another shape',
      'residual.onnx',
      arrays('tokens.npz', { image: 'input_ids' }),
      {},
      /residual\.onnx: fails on the data \(.*\)\. It was given "image" \[2, 6\]: give it data of the shape/,
    ],
    [
      'images for tokens',
      'tokens.onnx',
      { kind: 'images', path: '.' },
      {},
      /tokens\.onnx: takes 2 inputs: "input_ids", "attention_mask"/,
    ],
    [
      'a folder without images',
      'residual.onnx',
      { kind: 'images', path: '.' },
      {},
      /models: has no images\. Give a folder of \.png/,
    ],
    ['data that are not there', 'residual.onnx', arrays('no.npz'), {}, /no\.npz: there is no such file/],
    [
      'weights in another format',
      'images.npz',
      arrays('images.npz'),
      {},
      /images\.npz, byte 0: is not an ONNX model/,
    ],
  ])('%s', async (_, model, data, more, message) => {
    const fault = await faultOf(open(model, data, more));
    expect(fault.kind).toBe('input');
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain('\n');
  });

  it('an operator that ONNX Runtime lacks', async () => {
    const model = join(scratch, 'operator.onnx');
    const bytes = readFileSync(pathOf('residual.onnx'));
    const at = bytes.indexOf('"\x04Relu');
    expect(at).toBeGreaterThan(0);
    bytes.write('Rexu', at + 2);
    writeFileSync(model, bytes);
    const fault = await faultOf(open(model, arrays('images.npz')));
    expect(fault.message).toMatch(
      /operator\.onnx: cannot be run by ONNX Runtime \(.*Rexu.*\)\. Export it for a standard/,
    );
    expect(fault.message).not.toContain('\n');
  });

  it('patterns that name more tensors than anyone reads', async () => {
    const model = join(scratch, 'chain.onnx');
    writeFileSync(model, chain(1200));
    const fault = await faultOf(open(model, arrays('images.npz'), { layers: ['*'] }));
    expect(fault.message).toBe('/layers: names 1,200 tensors, more than 1,000. Use narrower patterns.');
  });

  it('an image that is none', async () => {
    const folder = join(scratch, 'broken');
    mkdirSync(join(folder, 'a'), { recursive: true });
    // The first in order is named, although the second one is found to be none before it.
    const large = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: '#123' } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    writeFileSync(join(folder, 'a', 'x.png'), large.subarray(0, large.length - 1000));
    writeFileSync(join(folder, 'a', 'y.png'), 'no picture');
    const fault = await faultOf(open('residual.onnx', { kind: 'images', path: folder }));
    expect(fault.message).toMatch(/x\.png: is not a readable image \(.*\)\. Replace or remove it/);
  });
});
