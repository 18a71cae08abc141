import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, readNpz } from '../../../src/checkpoint/index.ts';

const FOLDER = join(import.meta.dirname, 'fixtures', 'quantised');
const dtypes: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(FOLDER, 'dtypes.json'), 'utf8'),
);
const expected = await readNpz(join(FOLDER, 'expected.npz'));

const open = (file: string) => openCheckpoint(join(FOLDER, file));

const reasonsOf = async (file: string): Promise<Record<string, string | undefined>> => {
  const checkpoint = await open(file);
  const reasons = [...checkpoint.tensors.values()].map(({ name, unreadable, belongsTo, unscaled }) => [
    name,
    unreadable ?? belongsTo ?? unscaled,
  ]);
  await checkpoint.close();
  return Object.fromEntries(reasons);
};

const cases = Object.entries(dtypes).flatMap(([file, tensors]) =>
  Object.entries(tensors).map(([tensor, dtype]) => ({ file, tensor, dtype })),
);

describe('quantised weights', () => {
  it.each(cases)('reads $tensor of $file as what it stands for', async ({ file, tensor, dtype }) => {
    const checkpoint = await open(file);
    const wanted = expected.get(`${file}|${tensor}`);
    const { shape, data } = await checkpoint.read(tensor);
    expect(checkpoint.tensors.get(tensor)).toMatchObject({ dtype, shape: wanted?.shape });
    expect(shape).toEqual(wanted?.shape);
    expect([...data]).toEqual([...(wanted?.data ?? [])]);
    await checkpoint.close();
  });

  it.each(Object.keys(dtypes))('takes every table of %s for what it is', async (file) => {
    const reasons = await reasonsOf(file);
    const weights = Object.entries(reasons).flatMap(([name, reason]) => (reason === undefined ? [name] : []));
    const plain = file === 'comfy.safetensors' ? ['n.bias'] : [];
    expect(weights.sort()).toEqual([...Object.keys(dtypes[file]), ...plain].sort());
  });

  it('lists what does not fit its scale, or has none', async () => {
    const reasons = await reasonsOf('unfit.safetensors');
    expect(reasons).toMatchObject({
      'shape.weight': 'is quantised (FP8), and its scale has the shape [5, 1], which does not fit',
      // Two blocks of 48, or one of 64 and one of 32.
      'sizes.weight': 'is quantised (FP8), and its scale has the shape [2, 1], which does not fit',
      'lost.weight': 'holds 8-bit numbers, and no scale of them is in the file',
      'ints.weight': 'holds 8-bit integers, and no scale of them is in the file',
      'away.weight_scale': 'belongs to quantised weights, and is none',
      'eetq.weight': 'holds interleaved 8-bit integers (EETQ), not weights',
      'bytes.weight': 'holds packed 4-bit numbers (ModelOpt), not weights',
    });
    expect(reasons['good.weight']).toBeUndefined();
    expect(reasons['glm.weight']).toContain('integers of 8 bits or pairs of 4 bits');
  });

  it('refuses to read what it lists, and a layout that only its values tell', async () => {
    const checkpoint = await open('unfit.safetensors');
    await expect(checkpoint.read('eetq.weight')).rejects.toThrow(
      'tensor "eetq.weight" holds interleaved 8-bit integers (EETQ), not weights',
    );
    await expect(checkpoint.read('tiles.weight')).rejects.toThrow(
      'tensor "tiles.weight" is laid out for the tiles of a GPU (weight_format), which is not read here',
    );
    await checkpoint.close();
  });

  it('says of ONNX operators which ones pack what is not read', async () => {
    expect(await reasonsOf('operators.onnx')).toMatchObject({
      bare: 'is quantised (MatMulInteger), and its scale is not found',
      bnb: 'holds packed numbers (MatMulBnb4), not weights',
      bnb_absmax: 'belongs to quantised numbers (MatMulBnb4), not to the weights',
    });
  });
});
