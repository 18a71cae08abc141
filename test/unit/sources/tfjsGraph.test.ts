import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { arraysFile, difference, floats, open, rowsOf, SAMPLES, scratch } from './tfjsFiles.ts';

describe('a graph model of TensorFlow.js', () => {
  const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
  const type = (value: string) => ({ type: value });
  const node = (name: string, op: string, input: string[], attr: object = {}) => ({ name, op, input, attr });
  const constant = (name: string, dtype = 'DT_FLOAT') =>
    node(name, 'Const', [], { dtype: type(dtype), value: { tensor: { dtype, tensorShape: {} } } });
  const CONSTANTS: Record<string, { dtype: 'float32' | 'int32'; shape: number[]; values: number[] }> = {
    kernel: { dtype: 'float32', shape: [3, 3, 3, 4], values: [...floats(108)] },
    bias: { dtype: 'float32', shape: [4], values: [...floats(4)] },
    begin: { dtype: 'int32', shape: [1], values: [0] },
    end: { dtype: 'int32', shape: [1], values: [1] },
    stride: { dtype: 'int32', shape: [1], values: [1] },
    open: { dtype: 'int32', shape: [], values: [-1] },
    weight: { dtype: 'float32', shape: [144, 5], values: [...floats(720)] },
    axis: { dtype: 'int32', shape: [], values: [1] },
  };

  /** A convolution, and its map made a vector by the shape of the input; the index of the largest output is not recorded. */
  const written = (samples: string): string => {
    const nodes = [
      node('image', 'Placeholder', [], {
        dtype: type('DT_FLOAT'),
        shape: { shape: { dim: [samples, '6', '6', '3'].map((size) => ({ size })) } },
      }),
      ...Object.entries(CONSTANTS).map(([name, { dtype }]) =>
        constant(name, dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT'),
      ),
      node('conv', 'Conv2D', ['image', 'kernel'], {
        T: type('DT_FLOAT'),
        strides: { list: { i: ['1', '1', '1', '1'] } },
        padding: text('SAME'),
        data_format: text('NHWC'),
        dilations: { list: { i: ['1', '1', '1', '1'] } },
      }),
      node('shifted', 'BiasAdd', ['conv', 'bias'], { T: type('DT_FLOAT'), data_format: text('NHWC') }),
      node('positive', 'Relu', ['shifted'], { T: type('DT_FLOAT') }),
      node('shape', 'Shape', ['positive'], { T: type('DT_FLOAT'), out_type: type('DT_INT32') }),
      node('count', 'StridedSlice', ['shape', 'begin', 'end', 'stride'], {
        T: type('DT_INT32'),
        Index: type('DT_INT32'),
        ...Object.fromEntries(
          ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask'].map((mask) => [mask, { i: '0' }]),
        ),
        shrink_axis_mask: { i: '1' },
      }),
      node('extents', 'Pack', ['count', 'open'], { T: type('DT_INT32'), N: { i: '2' }, axis: { i: '0' } }),
      node('flat', 'Reshape', ['positive', 'extents'], { T: type('DT_FLOAT'), Tshape: type('DT_INT32') }),
      node('scores', 'MatMul', ['flat', 'weight'], {
        T: type('DT_FLOAT'),
        transpose_a: { b: false },
        transpose_b: { b: false },
      }),
      node('best', 'ArgMax', ['scores', 'axis'], { T: type('DT_FLOAT'), output_type: type('DT_INT32') }),
    ];
    const file = join(scratch, `graph${samples}.json`);
    const weights = Object.entries(CONSTANTS).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
    const bytes = Object.values(CONSTANTS).map(({ dtype, values }) =>
      Buffer.from((dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer),
    );
    writeFileSync(join(scratch, 'graph.bin'), Buffer.concat(bytes));
    const weightsManifest = [{ paths: ['graph.bin'], weights }];
    writeFileSync(
      file,
      JSON.stringify({
        format: 'graph-model',
        modelTopology: { node: nodes, versions: {} },
        weightsManifest,
      }),
    );
    return file;
  };

  it.each(['-1', '1'])(
    'has the values that its definition gives, for %s samples at a time',
    async (samples) => {
      const pixels = floats(SAMPLES * 108);
      await arraysFile('graph.npz', 'image', [SAMPLES, 6, 6, 3], pixels);
      const { source, assumed, close } = await open(written(samples), 'graph.npz', [
        'positive',
        'flat',
        'scores',
      ]);
      expect(assumed).toContain(
        'layers: the first 5, because the model has the operation "ArgMax", which is not recorded here',
      );
      const found = await Promise.all(['positive', 'flat', 'scores'].map((name) => rowsOf(source, name)));
      await close();
      await tf.setBackend('cpu');
      const tensorOf = (name: string) => tf.tensor(CONSTANTS[name].values, CONSTANTS[name].shape);
      const positive = tf.relu(
        tf.add(
          tf.conv2d(tf.tensor4d(pixels, [SAMPLES, 6, 6, 3]), tensorOf('kernel') as tf.Tensor4D, 1, 'same'),
          tensorOf('bias'),
        ),
      );
      const flat = tf.reshape(positive, [SAMPLES, 144]);
      const expected = [tf.mean(positive, [1, 2]), flat, tf.matMul(flat, tensorOf('weight'))];
      for (const [at, tensor] of expected.entries()) {
        expect(difference(found[at], Array.from(tensor.dataSync()))).toBeLessThan(1e-5);
      }
    },
  );
});
