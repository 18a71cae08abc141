import { describe, expect, it } from 'vitest';
import type { CheckpointPageState, CheckpointSpectrum } from '../../../../src/protocol/index.ts';
import { pageState, readPageState } from '../../../../webview/checkpoint/page/pageState.ts';
import { layerColumns } from '../../../../webview/checkpoint/series/columns.ts';
import { createMeasuredLayers, wantedLayers } from '../../../../webview/checkpoint/series/measured.ts';
import { placedCells } from '../../../../webview/checkpoint/series/rowCells.ts';
import { layerRows } from '../../../../webview/checkpoint/series/rows.ts';
import { inventedLayer, inventedSpectrum } from '../inventedLayers.ts';

const state: CheckpointPageState = pageState({
  files: ['file:///a.safetensors'],
  layer: 'a',
  filter: 'x',
  sort: { column: 'alpha', descending: true },
  grouped: false,
  convolution: 'slices',
  kind: 'attention',
  warned: true,
  columns: ['alpha', 'xmin'],
  profile: { open: false, measure: 'stableRank', log: true },
});

describe('the state that the page of a checkpoint keeps', () => {
  it('comes back as it was, through JSON', () => {
    expect(readPageState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
  it('of an older version has the usual columns, no filter of kinds, and an open profile', () => {
    const { kind, warned, columns, profile, ...older } = state;
    expect(readPageState(older)).toEqual({
      ...state,
      kind: null,
      warned: false,
      columns: null,
      profile: { open: true, measure: null, log: null },
    });
  });
  it.each([
    ['a kind', { kind: 'toString' }, { kind: null }],
    ['columns', { columns: [1] }, { columns: null }],
    ['a switch', { warned: 'yes' }, { warned: false }],
    ['a profile', { profile: null }, { profile: { open: true, measure: null, log: null } }],
    [
      'a measure',
      { profile: { open: false, measure: 'constructor', log: 1 } },
      { profile: { open: false, measure: null, log: null } },
    ],
  ])('keeps the rest when %s is unknown', (_, changes, read) => {
    expect(readPageState({ ...state, ...changes })).toEqual({ ...state, ...read });
  });
  it.each([
    ['another version', { ...state, version: 2 }],
    ['files that are no texts', { ...state, files: [1] }],
    ['a layer that is no name', { ...state, layer: 3 }],
    ['no filter', { ...state, filter: undefined }],
    ['an order without a direction', { ...state, sort: { column: 'a' } }],
    ['an unknown view', { ...state, convolution: 'other' }],
    ['grouped as text', { ...state, grouped: 'yes' }],
    ['nothing', undefined],
  ])('is discarded with %s', (_, value) => {
    expect(readPageState(value)).toBeNull();
  });
});

describe('measured layers', () => {
  const message: CheckpointSpectrum = {
    version: 1,
    checkpoint: 0,
    layer: 'a',
    convolution: 'reshape',
    spectrum: inventedSpectrum([1]),
    problem: null,
  };
  it('drop what belongs to another version, view or file', () => {
    const layers = createMeasuredLayers();
    expect(layers.add(message)).toBe(false);
    layers.begin(['f'], 1, 'reshape');
    expect(layers.add({ ...message, version: 2 })).toBe(false);
    expect(layers.add({ ...message, convolution: 'slices' })).toBe(false);
    expect(layers.add({ ...message, checkpoint: 1 })).toBe(false);
    expect(layers.add(message)).toBe(true);
    layers.begin(['f'], 1, 'reshape');
    expect(layers.of(0, 'a')?.spectrum).toBe(message.spectrum);
    layers.begin(['f'], 2, 'reshape');
    expect(layers.of(0, 'a')).toBeNull();
  });
  it('keep an estimate when the exact values fail', () => {
    const layers = createMeasuredLayers();
    layers.begin(['f'], 1, 'reshape');
    layers.add(message);
    layers.add({ ...message, spectrum: null, problem: 'too large' });
    expect(layers.of(0, 'a')).toEqual({ spectrum: message.spectrum, problem: 'too large' });
  });
});

describe('wantedLayers', () => {
  const rows = layerRows([{ layers: ['a', 'b', 'c', 'd'].map((name) => inventedLayer({ name })) }]);
  it('asks for the selected one, then those in view, then the others, without those that came', () => {
    const came = { spectrum: null, problem: 'no' };
    const measuredOf = (_: number, name: string) => (name === 'b' ? came : null);
    expect(wantedLayers('d', [[rows[2], rows[1]], rows], measuredOf)).toEqual(['d', 'c', 'a']);
    expect(wantedLayers(null, [[rows[3]], rows], measuredOf)).toEqual(['d', 'a', 'c']);
  });
  it('asks while either of two checkpoints that have the layer is missing', () => {
    const [both, only] = layerRows([
      { layers: [inventedLayer({ name: 'x' }), inventedLayer({ name: 'y' })] },
      { layers: [inventedLayer({ name: 'x' })] },
    ]);
    const first = (place: number) => (place === 0 ? { spectrum: null, problem: 'no' } : null);
    expect(wantedLayers(null, [[both, only]], first)).toEqual(['x']);
  });
});

describe('the cells of a row', () => {
  const [row] = layerRows([{ layers: [inventedLayer({ name: 'block.3.a', repeated: 'block.*' })] }]);
  it('say a reason once over all cells that it is the reason of', () => {
    const measuredOf = () => ({ spectrum: null, problem: 'broken' });
    const columns = layerColumns({ names: ['m'], measuredOf, definitions: {} }, [row]);
    const cells = placedCells({ kind: 'layer', row, inside: false }, columns);
    const [first, count] = [
      columns.findIndex(({ measured }) => measured),
      columns.filter(({ measured }) => measured).length,
    ];
    expect(cells).toHaveLength(columns.length - count + 1);
    expect(cells[first]).toMatchObject({ column: first, span: count });
  });
  it('leave out of a name inside a block what all its names share, but not of its tooltip', () => {
    const [name] = layerColumns({ names: ['m'], measuredOf: () => null, definitions: {} }, [row]);
    const cellOf = (inside: boolean) => placedCells({ kind: 'layer', row, inside }, [name])[0].cell;
    expect(cellOf(true)).toMatchObject({ text: '…3.a', detail: 'block.3.a' });
    expect(cellOf(false)).toMatchObject({ text: 'block.3.a', detail: 'block.3.a' });
  });
});
