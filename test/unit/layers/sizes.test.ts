import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, openCheckpoint, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { summarise } from '../../../src/layers/index.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();

const write = (path: string, tensors: Record<string, number>): void => {
  const stored = Object.entries(tensors).map(([name, side]): [string, StoredTensor] => [
    name,
    { dtype: 'float32', shape: [side, side], data: new Float32Array(side * side) },
  ]);
  writeFileSync(path, encodeSafetensors(new Map(stored)));
};

const bytesOf = async (path: string): Promise<number> => {
  const checkpoint = await openCheckpoint(path);
  try {
    return (await summarise(checkpoint, 'reshape')).bytes;
  } finally {
    await checkpoint.close();
  }
};

describe('the size of a checkpoint', () => {
  it('is that of its file', async () => {
    const path = join(scratch, 'one.safetensors');
    write(path, { 'a.weight': 8 });
    expect(await bytesOf(path)).toBe(statSync(path).size);
  });

  it('is that of the index and all shards, also of those in folders', async () => {
    mkdirSync(join(scratch, 'set/deep'), { recursive: true });
    const files = ['set/1.safetensors', 'set/deep/2.safetensors', 'set/model.safetensors.index.json'].map(
      (name) => join(scratch, name),
    );
    write(files[0], { 'a.weight': 8 });
    write(files[1], { 'b.weight': 16, 'c.weight': 4 });
    const map = {
      'a.weight': '1.safetensors',
      'b.weight': 'deep/2.safetensors',
      'c.weight': 'deep/2.safetensors',
    };
    writeFileSync(files[2], JSON.stringify({ weight_map: map }));
    const sizes = files.map((file) => statSync(file).size);
    expect(await bytesOf(files[2])).toBe(sizes[0] + sizes[1] + sizes[2]);
  });
});
