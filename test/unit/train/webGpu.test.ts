import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, openBackend } from '../../../src/runtime/index.ts';
import { hasSwiftShader, useSwiftShader } from '../../swiftShader.ts';
import { combinations, learningRateOf, relative, trainedOn } from './trainedOn.ts';

/** Every encoder, head and loss. All combinations take eight minutes: PENTIMENTO_ALL_COMBINATIONS=1 trains them. */
const COVERING = [
  ['linear', 'none', 'spectral'],
  ['linear', 'linear', 'mean-squared-error'],
  ['diagonal', 'diagonal symmetric-relu', 'supervised-spectral'],
  ['mlp', 'mlp', 'nt-xent'],
  ['mlp', 'symmetric-relu', 'cross-entropy'],
  ['cnn', 'reweighting', 'supervised-contrastive'],
  ['resnet18-cifar', 'none', 'cross-entropy'],
] as const;

const trained = process.env.PENTIMENTO_ALL_COMBINATIONS === '1' ? combinations : COVERING;

describe.skipIf(!hasSwiftShader)('training on WebGPU, on a GPU in software', () => {
  let native: Backend;
  let webGpu: Backend;
  let driver: ReturnType<typeof useSwiftShader>;
  beforeAll(async () => {
    driver = useSwiftShader();
    webGpu = await openBackend('webgpu', { threads: 1 });
    native = await openBackend('native', { threads: 1 });
  });
  afterAll(() => driver.dispose());

  const expectTheSame = async (encoder: string, head: string, loss: string, optimiser: object) => {
    const expected = await trainedOn(native, encoder, head, loss, optimiser);
    const actual = await trainedOn(webGpu, encoder, head, loss, optimiser);
    expect(relative(expected.final, actual.final)).toBeLessThan(1e-4);
    expect(relative(expected.update, actual.update)).toBeLessThan(1e-2);
  };

  it.each(trained)('%s encoder, %s head, %s loss: as on the CPU', async (encoder, head, loss) => {
    const sgd = { kind: 'sgd', learningRate: learningRateOf(encoder, loss), momentum: 0.9 };
    await expectTheSame(encoder, head, loss, sgd);
  });

  it('AdamW: as on the CPU', async () => {
    await expectTheSame('linear', 'linear', 'spectral', { kind: 'adamw', learningRate: 0.01 });
  });

  it('says what runs where', () => {
    expect(webGpu.kind).toBe('webgpu');
    expect(webGpu.reason).toBe(
      'onnxruntime-node on the GPU (WebGPU); probes and sums in double precision in onnxruntime-node on 1 thread (native CPU)',
    );
  });
});
