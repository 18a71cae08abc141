import fc from 'fast-check';
import { expect, it } from 'vitest';
import { summarise } from '../../../src/layers/index.ts';
import { headerOnly } from './checkpoints.ts';

const word = fc.constantFrom(
  'h',
  '0',
  '1',
  '2',
  'attn',
  'qkv',
  'c_attn',
  'in_proj_weight',
  'weight_ih_l0',
  'weight_hh_l0',
  'kernel',
  'recurrent_kernel',
  'lstm',
  'weight',
  'bias',
  'embed',
  'experts',
  'running_mean',
  'position_ids',
  'weight[q]',
  'qweight',
  'scales',
  'depthwise',
  'query',
  '__proto__',
  'vars',
);
const entry = fc.record(
  {
    name: fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom('.', '/'))
      .map(([words, separator]) => words.join(separator)),
    shape: fc.array(fc.nat({ max: 6 }), { maxLength: 7 }),
    dtype: fc.constantFrom('F32', 'BF16', 'I64', 'I32', 'U8', 'BOOL', 'float16', 'Q8_0', '<f4', 'C64'),
    storage: fc.constantFrom('a', 'b'),
    layout: fc.constantFrom('OIHW' as const, 'HWIO' as const),
    optimiser: fc.constant(true as const),
    unreadable: fc.constant('is damaged'),
  },
  { requiredKeys: ['name', 'shape', 'dtype'] },
);

it.each(['reshape', 'slices'] as const)('puts every tensor into exactly one list, as %s', async (view) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 12 }),
      async (entries) => {
        const { layers, vectors, skipped, parameters } = await summarise(headerOnly(entries), view);
        const lists = [
          new Set(layers.map(({ tensor }) => tensor)),
          new Set(vectors.map(({ name }) => name)),
          new Set(skipped.map(({ name }) => name)),
        ];
        expect(lists.flatMap((list) => [...list]).sort()).toEqual(entries.map(({ name }) => name).sort());
        expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
        // The parts of a tensor cover all of it.
        for (const tensor of lists[0]) {
          const parts = layers.filter((layer) => layer.tensor === tensor);
          const size = parts[0].shape.reduce((product, extent) => product * extent, 1);
          expect(parts.reduce((sum, part) => sum + part.parameters, 0)).toBe(size);
          for (const { matrix, slices, parameters: count } of parts)
            expect(matrix[0] * matrix[1] * slices).toBe(count);
        }
        expect(parameters).toBeGreaterThanOrEqual(layers.reduce((sum, layer) => sum + layer.parameters, 0));
      },
    ),
    { numRuns: 500 },
  );
});
