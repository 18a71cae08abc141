import { describe, expect, it } from 'vitest';
import {
  filterRows,
  kindsOf,
  type LayerFilter,
  NO_FILTER,
  noMatchWords,
  showing,
} from '../../../../webview/checkpoint/series/filter.ts';
import { type LayerRow, layerRows } from '../../../../webview/checkpoint/series/rows.ts';
import { inventedLayer } from '../inventedLayers.ts';

const rows = layerRows([
  {
    layers: [
      inventedLayer({ name: 'h.0.attn', kind: 'attention' }),
      inventedLayer({ name: 'h.0.mlp' }),
      inventedLayer({ name: 'h.1.attn', kind: 'attention' }),
      inventedLayer({ name: 'h.1.mlp' }),
    ],
  },
]);
const warned = (row: LayerRow): boolean => row.name.startsWith('h.1');
const matching = (filter: Partial<LayerFilter>): string[] =>
  filterRows(rows, { ...NO_FILTER, ...filter }, warned).map(({ name }) => name);

describe('filterRows', () => {
  it.each<[Partial<LayerFilter>, string[]]>([
    [{}, ['h.0.attn', 'h.0.mlp', 'h.1.attn', 'h.1.mlp']],
    [{ kind: 'attention' }, ['h.0.attn', 'h.1.attn']],
    [{ warned: true }, ['h.1.attn', 'h.1.mlp']],
    [{ text: 'MLP', warned: true }, ['h.1.mlp']],
    [{ text: 'h.0', kind: 'dense', warned: true }, []],
    [{ kind: 'recurrent' }, []],
  ])('%j leaves %j', (filter, names) => {
    expect(matching(filter)).toEqual(names);
  });
});

describe('showing', () => {
  const all: LayerFilter = { text: 'h.1', kind: 'attention', warned: true };
  it('clears only what hides the layer', () => {
    expect(showing(all, rows[2], warned)).toEqual(all);
    expect(showing(all, rows[3], warned)).toEqual({ ...all, kind: null });
    expect(showing(all, rows[0], warned)).toEqual({ text: '', kind: 'attention', warned: false });
  });
});

describe('kindsOf', () => {
  it('has each kind once, in the order of the words', () => {
    expect(kindsOf(rows)).toEqual(['dense', 'attention']);
    expect(kindsOf([])).toEqual([]);
  });
});

describe('noMatchWords', () => {
  it('names every filter that is on', () => {
    expect(noMatchWords({ text: ' q ', kind: 'embedding', warned: true })).toBe(
      "No layer matches the filter: name contains 'q', kind is embedding, has a warning.",
    );
    expect(noMatchWords({ ...NO_FILTER, warned: true })).toBe('No layer matches the filter: has a warning.');
  });
});
