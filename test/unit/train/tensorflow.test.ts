import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Backend, openBackend } from '../../../src/runtime/index.ts';
import { relative, STEPS, trainedOn } from './trainedOn.ts';

/**
 * In place of `@tensorflow/tfjs-node-gpu`, whose library of TensorFlow no registry has: a package of that name that calls what the real one
 * calls (functions that Node 23 no longer has, too) and registers the backend `tensorflow`, with the kernels of tfjs' own CPU backend.
 */
const STAND_IN = `
const util = require('util');
if (!util.isNullOrUndefined(undefined) || !util.isArray([])) throw new Error('util is incomplete');
const tf = require(${JSON.stringify(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'))});
tf.copyRegisteredKernels('cpu', 'tensorflow');
const { constructor: CpuBackend } = tf.findBackend('cpu');
tf.registerBackend('tensorflow', () => new CpuBackend());
`;

const sgd = { kind: 'sgd', learningRate: 0.01, momentum: 0.9 };

describe('TensorFlow, with the CPU in place of the GPU', () => {
  let folder: string;
  let native: Backend;
  let tensorflow: Backend;
  let util: Record<string, unknown>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pentimento-tensorflow-'));
    const place = join(folder, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'index.js'), STAND_IN);
    // As in Node 23.
    util = createRequire(import.meta.url)('node:util');
    for (const name of ['isNullOrUndefined', 'isArray']) delete util[name];
    await import('@tensorflow/tfjs-backend-cpu');
    tensorflow = await openBackend('tensorflow', {
      threads: 1,
      gpuRuntimeFrom: pathToFileURL(join(folder, 'index.js')),
    });
    native = await openBackend('native', { threads: 1 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says what runs where', () => {
    expect(tensorflow.kind).toBe('tensorflow');
    expect(tensorflow.reason).toBe(
      'eager tfjs (tensorflow): @tensorflow/tfjs-node-gpu is installed; probes and sums in double precision in onnxruntime-node on 1 thread (native CPU)',
    );
  });

  it.each([
    ['mlp', 'mlp', 'nt-xent'],
    ['cnn', 'reweighting', 'supervised-contrastive'],
    ['linear', 'symmetric-relu', 'cross-entropy'],
  ])('%s encoder, %s head, %s loss: trains as the native backend does', async (encoder, head, loss) => {
    const expected = await trainedOn(native, encoder, head, loss, sgd);
    const actual = await trainedOn(tensorflow, encoder, head, loss, sgd);
    expect(relative(expected.final, actual.final)).toBeLessThan(1e-4);
    expect(relative(expected.update, actual.update)).toBeLessThan(1e-2);
  });

  /** Sizes of what moves to the backend while a model is trained, without single numbers, and back from it. */
  async function movedBy(train: () => Promise<unknown>) {
    const engine = tf.engine();
    const [makeTensor, read] = [engine.makeTensor.bind(engine), engine.read.bind(engine)];
    const [there, back]: number[][] = [[], []];
    const spies = [
      vi.spyOn(engine, 'makeTensor').mockImplementation((values, ...rest) => {
        if (values.length > 1) there.push(values.length);
        return makeTensor(values, ...rest);
      }),
      vi.spyOn(engine, 'read').mockImplementation(async (dataId) => {
        const values = await read(dataId);
        back.push(values.length);
        return values;
      }),
      vi.spyOn(engine, 'readSync').mockImplementation(() => {
        throw new Error('a step waits for a value');
      }),
    ];
    try {
      await train();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return { there, back };
  }

  it.each([
    ['mlp', 'mlp', 'nt-xent', sgd, [80]],
    ['cnn', 'linear', 'cross-entropy', sgd, [5 * 72, 5]],
    ['linear', 'linear', 'spectral', { kind: 'adamw', learningRate: 0.01 }, [80]],
  ])(
    '%s encoder, %s head, %s loss: a step moves the batch there and the loss back',
    async (encoder, head, loss, optimiser, batch) => {
      const moved = await movedBy(() => trainedOn(tensorflow, encoder, head, loss, optimiser));
      const carried = moved.there.length - STEPS * batch.length;
      expect(moved.there.slice(carried)).toEqual(Array(STEPS).fill(batch).flat());
      expect(moved.back.slice(0, STEPS)).toEqual(Array(STEPS).fill(1));
      // Then the state, once.
      expect(moved.back.slice(STEPS).filter((size) => size > 1)).toHaveLength(carried);
    },
  );
});

describe('auto, if TensorFlow does not start', () => {
  it.each([
    [
      "require('absent-module')",
      /, because TensorFlow does not start \(Cannot find module 'absent-module'\)$/,
    ],
    [null, /^onnxruntime-node on 1 thread \(native CPU\)$/],
  ])('says why, unless it is not installed: %s', async (code, reason) => {
    const folder = mkdtempSync(join(tmpdir(), 'pentimento-tensorflow-'));
    try {
      const place = join(folder, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
      if (code !== null) {
        mkdirSync(place, { recursive: true });
        writeFileSync(join(place, 'index.js'), code);
      }
      const gpuRuntimeFrom = pathToFileURL(join(folder, 'index.js'));
      const backend = await openBackend('auto', { threads: 1, gpuRuntimeFrom });
      expect(backend.kind).toBe('native');
      expect(backend.reason).toMatch(reason);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
