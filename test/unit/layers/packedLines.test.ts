import { expect, it } from 'vitest';
import { PackedLines } from '../../../src/layers/index.ts';

it('gives many lines back as they were, in order, as often as they are asked for', () => {
  const packed = new PackedLines();
  expect([...packed.lines()]).toEqual([]);
  const lines = Array.from({ length: 5000 }, (_, i) =>
    i % 7 === 0 ? '' : `line ${i} модель 👩\u200d🔬 ${'x'.repeat(i % 90)}`,
  );
  for (const line of lines) packed.add(line);
  expect([...packed.lines()]).toEqual(lines);
  expect([...packed.lines()]).toEqual(lines);
});
