import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WeightLayer } from '../../../../src/protocol/index.ts';
import { layerColumns, shownColumns } from '../../../../webview/checkpoint/series/columns.ts';
import { fittingName, sharedEnds } from '../../../../webview/checkpoint/series/fittingNames.ts';
import { columnSpan } from '../../../../webview/checkpoint/series/grid.ts';
import { layerRows } from '../../../../webview/checkpoint/series/rows.ts';
import { WEIGHT_MEASURES } from '../../../../webview/checkpoint/series/words.ts';
import { inventedLayer } from '../inventedLayers.ts';

type Shape = readonly [number, number];

const layer = (name: string, shape: Shape, kind: WeightLayer['kind'], repeated: string | null = null) =>
  inventedLayer({ name, shape, matrix: shape, kind, repeated });

/** The matrices of GPT-2 as Hugging Face saves the model with its head. */
const GPT2 = [
  layer('transformer.wte.weight', [50257, 768], 'embedding'),
  layer('transformer.wpe.weight', [1024, 768], 'embedding'),
  ...Array.from({ length: 12 }, (_, block) => {
    const part = (name: string, shape: Shape, kind: WeightLayer['kind']) =>
      layer(`transformer.h.${block}.${name}`, shape, kind, 'transformer.h.*');
    return [
      ...['q', 'k', 'v'].map((each) => part(`attn.c_attn.weight[${each}]`, [768, 2304], 'attention')),
      part('attn.c_proj.weight', [768, 768], 'attention'),
      part('mlp.c_fc.weight', [768, 3072], 'dense'),
      part('mlp.c_proj.weight', [3072, 768], 'dense'),
    ];
  }).flat(),
];

/** Those of Llama 3 with 8 billion parameters. */
const LLAMA = [
  layer('model.embed_tokens.weight', [128256, 4096], 'embedding'),
  ...Array.from({ length: 32 }, (_, block) => {
    const part = (name: string, shape: Shape, kind: WeightLayer['kind']) =>
      layer(`model.layers.${block}.${name}.weight`, shape, kind, 'model.layers.*');
    return [
      part('self_attn.q_proj', [4096, 4096], 'attention'),
      part('self_attn.k_proj', [1024, 4096], 'attention'),
      part('self_attn.v_proj', [1024, 4096], 'attention'),
      part('self_attn.o_proj', [4096, 4096], 'attention'),
      part('mlp.gate_proj', [14336, 4096], 'dense'),
      part('mlp.up_proj', [14336, 4096], 'dense'),
      part('mlp.down_proj', [4096, 14336], 'dense'),
    ];
  }).flat(),
  layer('lm_head.weight', [128256, 4096], 'dense'),
];

const MODELS = { 'GPT-2': GPT2, 'Llama 3 8B': LLAMA };
const rowsOf = (layers: readonly WeightLayer[]) => layerRows([{ layers }]);
const columnsOf = (layers: readonly WeightLayer[], names = ['m']) =>
  layerColumns({ names, measuredOf: () => null, definitions: {} }, layerRows(names.map(() => ({ layers }))));

/** Px: the padding of the page, the border of the table, and the scroll bars of both. */
const ROOM = 1000 - 2 * 20 - 2 - 2 * 14;

describe.each(Object.entries(MODELS))('the table of %s', (_, layers) => {
  const columns = columnsOf(layers);
  const shown = shownColumns(columns, null);
  const widths = shown.map(({ width }) => width);

  it.each(['alpha', 'numericalRankStored', 'stableRank', 'effectiveRank'])(
    'has %s in sight at 1,000 px without scrolling',
    (id) => {
      const index = shown.findIndex((column) => column.id === id);
      expect(index).toBeGreaterThan(0);
      const { from, length } = columnSpan(widths, index);
      expect(widths[0] + from + length).toBeLessThanOrEqual(ROOM);
    },
  );

  it('shortens names to its first column, each still different from the others', () => {
    const [{ width, shown: nameOf }] = columns;
    for (const inside of [false, true]) {
      const rows = rowsOf(layers).filter((row) => !inside || row.sides[0]?.repeated != null);
      const names = rows.map((row) => nameOf!({ kind: 'layer', row, inside }));
      expect(new Set(names).size).toBe(names.length);
      // The average of a character in 13 px sans serif is below 7 px; the padding and a sign take 36.
      for (const name of names) expect([...name].length * 7 + 36).toBeLessThanOrEqual(width);
    }
  });

  it('shortens the name of a block', () => {
    const [{ width, shown: nameOf }] = columns;
    const rows = rowsOf(layers).filter(({ sides }) => sides[0]?.repeated != null);
    const pattern = rows[0].sides[0]!.repeated!;
    const name = nameOf!({ kind: 'group', pattern, blocks: 12, rows, open: false });
    expect(name).toContain('*');
    expect([...name].length * 7 + 36).toBeLessThanOrEqual(width);
  });
});

describe('sharedEnds', () => {
  it('ends at separators, and leaves out the parts of tensors', () => {
    expect(sharedEnds(['m.a1.weight', 'm.a2.weight[q]', 'm.b.weight'])).toEqual({
      prefix: 'm.',
      suffix: '.weight',
    });
    expect(sharedEnds(['alpha', 'alphabet'])).toEqual({ prefix: '', suffix: '' });
    expect(sharedEnds(['only.weight'])).toEqual({ prefix: '', suffix: '' });
    expect(sharedEnds([])).toEqual({ prefix: '', suffix: '' });
  });
  it('takes nothing away from names that differ only in their parts', () => {
    const names = ['attn.weight[q]', 'attn.weight[k]'];
    const shown = names.map((name) => fittingName(name, sharedEnds(names), 6));
    expect(new Set(shown).size).toBe(2);
  });
});

describe('fittingName', () => {
  const ends = { prefix: 'model.layers.', suffix: '.weight' };
  it.each([
    [40, 'model.layers.3.q_proj.weight'],
    [20, '…3.q_proj.weight'],
    [10, '…3.q_proj'],
    [7, '…3…proj'],
  ])('in %d characters is %s', (room, shown) => {
    expect(fittingName('model.layers.3.q_proj.weight', ends, room)).toBe(shown);
  });
  it('never takes more room than there is', () => {
    const names = fc.array(fc.stringMatching(/^[ab.[\]]{1,12}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(names, fc.integer({ min: 4, max: 15 }), (all, room) => {
        for (const name of all)
          expect([...fittingName(name, sharedEnds(all), room)].length).toBeLessThanOrEqual(room);
      }),
    );
  });
});

describe('the choice of columns', () => {
  it('offers every measure, of each checkpoint and its change when two are compared', () => {
    const ids = (names: string[]) => new Set(columnsOf(GPT2, names).map(({ id }) => id));
    const keys = Object.keys(WEIGHT_MEASURES);
    expect(keys.filter((key) => !ids(['m']).has(key))).toEqual([]);
    const compared = ids(['x', 'y']);
    const wanted = keys.flatMap((key) => [`${key}.delta`, `${key}.A`, `${key}.B`]);
    expect(wanted.filter((id) => !compared.has(id))).toEqual([]);
  });

  it.each([[['m']], [['x', 'y']]])('has different ids and full names for %j', (names) => {
    const columns = columnsOf(GPT2, names);
    expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
    const listed = columns.map(({ section, name }) => `${section}: ${name}`);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('shows the name, and what was chosen or is usual, in the order of the table', () => {
    const columns = columnsOf(GPT2);
    const ids = (chosen: readonly string[] | null) => shownColumns(columns, chosen).map(({ id }) => id);
    expect(ids(['xmin', 'kind', 'no such column'])).toEqual(['name', 'kind', 'xmin']);
    expect(ids([])).toEqual(['name']);
    expect(ids(null)).toContain('alpha');
    expect(ids(null)).not.toContain('xmin');
  });
});
