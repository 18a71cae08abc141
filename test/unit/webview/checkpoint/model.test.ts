import { describe, expect, it } from 'vitest';
import type { CheckpointSpectrum, LayerSpectrum, WeightLayer } from '../../../../src/protocol/index.ts';
import { CheckpointModel } from '../../../../webview/checkpoint/page/checkpointModel.ts';
import { type Checkpoints, noLayersReason } from '../../../../webview/checkpoint/page/content.ts';
import type { KeptState } from '../../../../webview/checkpoint/page/pageState.ts';
import { inventedLayer, inventedSpectrum } from '../inventedLayers.ts';

const content = (layers: readonly WeightLayer[], version = 1): Checkpoints => ({
  kind: 'checkpoints',
  version,
  notice: null,
  definitions: {},
  checkpoints: [
    {
      uri: 'file:///m',
      name: 'm',
      summary: {
        file: 'm',
        parts: [],
        version: '',
        format: 'safetensors',
        bytes: 1,
        parameters: 1,
        layers,
        vectors: [],
        skipped: [],
        warnings: [],
        metadata: {},
        definitions: {} as never,
      },
    },
  ],
});

const blocks = ['in', 'h.0.a', 'h.0.b', 'h.1.a', 'h.1.b', 'out'].map((name) =>
  inventedLayer({
    name,
    block: name.slice(0, 3),
    repeated: name.startsWith('h') ? 'h.*' : null,
  }),
);

const came = (layer: string, changes: Partial<LayerSpectrum> = {}): CheckpointSpectrum => ({
  version: 1,
  checkpoint: 0,
  layer,
  convolution: 'reshape',
  spectrum: inventedSpectrum([2, 1], { alpha: 3 }, changes),
  problem: null,
});

const NAN = { statistics: { ...inventedSpectrum([1]).statistics, nan: 2 } };

const opened = (kept: KeptState | null = null): { model: CheckpointModel; states: KeptState[] } => {
  const states: KeptState[] = [];
  const model = new CheckpointModel(kept, (state) => states.push(state));
  model.take(content(blocks));
  return { model, states };
};

describe('the model of a checkpoint page', () => {
  it('selects the first layer, and keeps one that is still there', () => {
    const { model, states } = opened();
    expect(model.state.layer).toBe('in');
    model.change({ layer: 'out' });
    model.take(content(blocks, 2));
    expect(model.state.layer).toBe('out');
    model.take(content(blocks.slice(0, 2), 3));
    expect(model.state.layer).toBe('in');
    expect(states.at(-1)).toEqual(model.state);
  });

  it('counts what was measured, what failed and what has warnings', () => {
    const { model } = opened();
    expect(model.receive(came('in', NAN))).toBe(true);
    expect(model.receive({ ...came('out'), spectrum: null, problem: 'no' })).toBe(true);
    expect(model.receive({ ...came('h.0.a'), version: 2 })).toBe(false);
    expect(model.counts()).toEqual({ layers: 6, measured: 2, failed: 1, warned: 1 });
    model.take(content(blocks, 2));
    expect(model.counts()).toMatchObject({ measured: 0, warned: 0 });
  });

  it('goes round the layers with warnings, and uncovers one in a block or behind a filter', () => {
    const { model } = opened();
    expect(model.nextWarning()).toBeNull();
    model.receive(came('h.1.a', NAN));
    model.receive(came('in', NAN));
    const names = () =>
      model.arranged().rows.map((row) => (row.kind === 'layer' ? row.row.name : row.pattern));
    expect(names()).toEqual(['in', 'h.*', 'out']);
    model.change({ filter: 'out' });
    expect(model.nextWarning()).toBe('h.1.a');
    model.uncover('h.1.a');
    expect(names()).toEqual(['in', 'h.*', 'h.0.a', 'h.0.b', 'h.1.a', 'h.1.b', 'out']);
    model.change({ layer: 'h.1.a' });
    expect(model.nextWarning()).toBe('in');
  });

  it('filters by kind and by warnings, counts what matches, and shows a layer again that they hide', () => {
    const { model } = opened();
    model.take(
      content(blocks.map((layer, index) => ({ ...layer, kind: index < 3 ? 'dense' : 'attention' }))),
    );
    model.receive(came('h.1.a', NAN));
    const depths = () => model.profile().layers.map(({ depth, row }) => [depth, row.name]);
    expect(model.arranged().matching).toBe(6);
    model.change({ kind: 'attention' });
    expect(model.arranged().matching).toBe(3);
    expect(depths()).toEqual([
      [4, 'h.1.a'],
      [5, 'h.1.b'],
      [6, 'out'],
    ]);
    model.change({ warned: true });
    expect(depths()).toEqual([[4, 'h.1.a']]);
    model.change({ filter: 'h.1' });
    model.uncover('h.1.b');
    expect(model.filter).toEqual({ text: 'h.1', kind: 'attention', warned: false });
    model.uncover('in');
    expect(model.filter).toEqual({ text: '', kind: null, warned: false });
  });

  it('drops a kind that another version of the file does not have', () => {
    const { model } = opened();
    model.change({ kind: 'dense' });
    model.take(content(blocks, 2));
    expect(model.state.kind).toBe('dense');
    model.take(
      content(
        blocks.map((layer) => ({ ...layer, kind: 'attention' })),
        3,
      ),
    );
    expect(model.state.kind).toBeNull();
  });

  it('shows chosen columns and ends the order by one that is hidden', () => {
    const { model, states } = opened();
    model.change({ sort: { column: 'alpha', descending: true } });
    model.chooseColumns(['alpha', 'xmin']);
    expect(model.shownColumns().map(({ id }) => id)).toEqual(['name', 'alpha', 'xmin']);
    expect(model.state.sort?.column).toBe('alpha');
    model.chooseColumns(['xmin']);
    expect(model.state.sort).toBeNull();
    model.chooseColumns(null);
    expect(model.shownColumns().length).toBeGreaterThan(10);
    expect(states.at(-1)).toEqual(model.state);
  });

  it('does not call a layer with a note alone one with a warning', () => {
    const { model } = opened();
    model.take(content([inventedLayer({ name: 'in', note: 'is stored in two parts' })]));
    model.receive(came('in'));
    expect(model.warningsOf(model.rows[0])).toEqual([{ severity: 'note', text: 'is stored in two parts' }]);
    expect(model.counts().warned).toBe(0);
    model.receive(came('in', NAN));
    expect(model.warningsOf(model.rows[0]).map(({ severity }) => severity)).toEqual(['error', 'note']);
    expect(model.counts().warned).toBe(1);
  });

  it('wants the selected layer, those in view, then those that match, then the others', () => {
    const { model } = opened();
    model.change({ layer: 'h.1.a', filter: 'out' });
    const others = ['in', 'h.0.a', 'h.0.b', 'h.1.b'];
    expect(model.wanted([])).toEqual(['h.1.a', 'out', ...others]);
    model.change({ filter: '' });
    expect(model.wanted(model.arranged().rows.slice(2))).toEqual(['h.1.a', 'out', ...others]);
    model.receive(came('out'));
    expect(model.wanted([])).toEqual(['h.1.a', ...others]);
  });

  it('computes exact values until they come, and not for an estimate', () => {
    const { model } = opened();
    expect(model.computeExact()).toBe('in');
    expect(model.selected()?.computing).toBe(true);
    model.receive(came('in', { method: 'estimate' }));
    expect(model.selected()?.computing).toBe(true);
    model.receive(came('in'));
    expect(model.selected()?.computing).toBe(false);
  });

  it('has nothing selected without layers', () => {
    const model = new CheckpointModel(null, () => {});
    model.take(content([]));
    expect(model.selected()).toBeNull();
    expect(model.counts()).toEqual({ layers: 0, measured: 0, failed: 0, warned: 0 });
  });
});

describe('noLayersReason', () => {
  const vectors = [{ name: 'bias', shape: [2], dtype: 'F32', parameters: 2 }];
  it('tells a checkpoint without tensors from one without weight matrices', () => {
    const none = content([]);
    const [checkpoint] = none.checkpoints;
    const some = { ...none, checkpoints: [{ ...checkpoint, summary: { ...checkpoint.summary, vectors } }] };
    expect(noLayersReason(none)).toBe('This checkpoint contains no tensors.');
    expect(noLayersReason(some)).toBe(
      'No tensor of this checkpoint is a weight matrix that can be analysed.',
    );
    expect(noLayersReason(content(blocks))).toBe('');
  });
});
