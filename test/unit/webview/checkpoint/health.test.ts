import { describe, expect, it } from 'vitest';
import type { CheckpointSpectrum, CheckpointSummary, TensorValues } from '../../../../src/protocol/index.ts';
import { CheckpointModel } from '../../../../webview/checkpoint/page/checkpointModel.ts';
import { healthSummary } from '../../../../webview/checkpoint/series/health.ts';
import { skippedTable, vectorTable } from '../../../../webview/checkpoint/series/tables.ts';
import { warningLine } from '../../../../webview/checkpoint/series/warnings.ts';
import { inventedLayer, inventedSpectrum } from '../inventedLayers.ts';

const vector = (name: string) => ({ name, shape: [4], dtype: 'F32', parameters: 4 });
const statistics = inventedSpectrum([1]).statistics;
const values = (name: string, changes: Partial<TensorValues['statistics']> = {}): TensorValues => ({
  name,
  statistics: { ...statistics, count: 4, zero: 0, ...changes },
  fingerprint: name,
  problem: null,
});

const summary: CheckpointSummary = {
  file: 'm.safetensors',
  format: 'safetensors',
  bytes: 1,
  parts: [],
  version: '1',
  parameters: 1,
  layers: ['a', 'b', 'c'].map((name) => inventedLayer({ name })),
  vectors: [vector('bias'), vector('gain')],
  skipped: [{ name: 'running_mean', shape: [4], dtype: 'F32', reason: 'is a running statistic' }],
  warnings: [],
  metadata: {},
  definitions: {} as CheckpointSummary['definitions'],
};

const opened = (): CheckpointModel => {
  const model = new CheckpointModel(null, () => {});
  const checkpoints = [{ uri: 'file:///m', name: 'm', summary }];
  model.take({ kind: 'checkpoints', checkpoints, version: 3, notice: null });
  return model;
};

const came = (layer: string, changes: Partial<ReturnType<typeof inventedSpectrum>>): CheckpointSpectrum => ({
  version: 3,
  checkpoint: 0,
  layer,
  convolution: 'reshape',
  spectrum: { ...inventedSpectrum([2, 1]), layer, ...changes },
  problem: null,
});

describe('the health of a checkpoint', () => {
  it('grows with what comes, each tensor with its own counts', () => {
    const model = opened();
    const warnings = () => model.rows.map((row) => model.warningsOf(row).map(warningLine));
    expect(healthSummary(model.health())).toBe('');
    model.receive(
      came('c', { entries: { ...inventedSpectrum([1]).entries, zeroRows: 3, fingerprint: 'x' } }),
    );
    expect(warnings()).toEqual([[], [], ['Warning: 3 of 4 rows are all zero']]);
    model.receive(came('a', { statistics: { ...statistics, nan: 24 } }));
    model.receive(came('b', { statistics: { ...statistics, infinite: 1 } }));
    expect(warnings()).toEqual([
      ['Error: 24 of 24 values are NaN'],
      ['Error: 1 of 24 values are infinite', 'Warning: has the same values as a'],
      ['Warning: 3 of 4 rows are all zero'],
    ]);
    expect(healthSummary(model.health())).toBe(
      'Tensors with problems: 3 of 3 (2 with errors, 1 with warnings).',
    );
    expect(
      model.takeValues({ version: 3, checkpoints: [[values('bias', { nan: 4 }), values('gain')]] }),
    ).toBe(true);
    expect(healthSummary(model.health())).toBe(
      'Tensors with problems: 4 of 5 (3 with errors, 1 with warnings).',
    );
  });

  it('is that of the version of the files that is shown', () => {
    const model = opened();
    expect(model.takeValues({ version: 2, checkpoints: [[values('bias', { nan: 4 })]] })).toBe(false);
    model.takeValues({ version: 3, checkpoints: [[values('bias', { nan: 4 })]] });
    const checkpoints = [{ uri: 'file:///m', name: 'm', summary }];
    model.take({ kind: 'checkpoints', checkpoints, version: 4, notice: null });
    expect(healthSummary(model.health())).toBe('');
  });

  it('says that nothing is wrong', () => {
    const model = opened();
    model.takeValues({ version: 3, checkpoints: [[values('bias'), values('gain')]] });
    expect(healthSummary(model.health())).toBe('No problems in 2 tensors.');
  });
});

describe('the lists of other tensors', () => {
  it('show counts and findings of each, once they are there', () => {
    const model = opened();
    expect(vectorTable(summary).rows[0]).toEqual(['bias', '4', 'F32', 4, null, null, null, '']);
    const running: TensorValues = {
      name: 'running_mean',
      statistics: null,
      fingerprint: '',
      problem: 'is cut',
    };
    model.takeValues({
      version: 3,
      checkpoints: [[values('bias', { nan: 1, zero: 2 }), values('gain'), running]],
    });
    const [counted] = model.counted();
    expect(vectorTable(summary, counted).rows).toEqual([
      ['bias', '4', 'F32', 4, 1, 0, 2, 'Error: 1 of 4 values are NaN, 2 of 4 values are zero'],
      ['gain', '4', 'F32', 4, 0, 0, 0, ''],
    ]);
    expect(skippedTable(summary, counted).rows[0].at(-1)).toBe('Error: cannot be read: is cut');
  });
});
