import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { summariseRecording } from '../../../src/sources/index.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
const zeros = (...shape: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
});

const safetensors = (name: string, arrays: Record<string, StoredTensor>): string => {
  const file = join(scratch, name);
  writeFileSync(file, encodeSafetensors(new Map(Object.entries(arrays)), {}));
  return file;
};

describe('what a recording holds', () => {
  it('is said by names of our convention, with its labels', async () => {
    const file = safetensors('acts.safetensors', {
      'layers/000.input': zeros(6, 20),
      'layers/001.block': zeros(6, 4),
      'layers/002.pool': zeros(6, 8),
      'labels/digit': { dtype: 'int32', shape: [6], data: Int32Array.from([0, 1, 2, 0, 1, 2]) },
    });
    expect(await summariseRecording(file)).toEqual({
      layers: 3,
      samples: 6,
      dimensions: [4, 20],
      labels: ['digit'],
      isConventional: true,
    });
  });

  it('is said by shapes, where names say nothing', async () => {
    const file = join(scratch, 'acts.npz');
    const arrays = { layer_0: zeros(9, 3), layer_1: zeros(9, 5) };
    writeFileSync(file, await encodeNpz(new Map(Object.entries(arrays))));
    expect(await summariseRecording(file)).toEqual({
      layers: 2,
      samples: 9,
      dimensions: [3, 5],
      labels: [],
      isConventional: false,
    });
  });

  it('is read in the layout of another program', async () => {
    const file = fileURLToPath(new URL('fixtures/layouts/honest/llama_tqa_layer_wise.npy', import.meta.url));
    expect(await summariseRecording(file)).toMatchObject({ layers: 3, samples: 7, dimensions: [5, 5] });
  });

  it('is a fault for weights, and for a file that is cut off', async () => {
    const weights = safetensors('model.safetensors', {
      'head.1.weight': zeros(8, 16),
      'encoder.conv.weight': zeros(4, 3, 3, 3),
    });
    expect((await faultOf(summariseRecording(weights))).message).toMatch(/which may be layers or samples/);
    const cut = join(scratch, 'cut.safetensors');
    writeFileSync(cut, Buffer.from([200, 0, 0, 0, 0, 0, 0, 0, 0x7b]));
    expect((await faultOf(summariseRecording(cut))).message).toMatch(/claims a header of 200 bytes/);
    await faultOf(summariseRecording(join(scratch, 'missing.npz')));
  });
});
