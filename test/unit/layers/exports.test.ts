import { describe, expect, it } from 'vitest';
import { layersCsv } from '../../../src/layers/layersCsv.ts';
import { netronAttachment } from '../../../src/layers/netronAttachment.ts';
import type { LayerSpectrum, WeightLayer } from '../../../src/protocol/index.ts';

const layer = (name: string, tensor = name): WeightLayer => ({
  name,
  tensor,
  kind: 'dense',
  shape: [3, 2],
  dtype: 'F32',
  matrix: [3, 2],
  slices: 1,
  parameters: 6,
  block: '',
  repeated: null,
});

const spectrum = (name: string): LayerSpectrum => ({
  layer: name,
  method: 'exact',
  singularValues: [2, 1],
  error: null,
  distribution: null,
  shuffled: null,
  metrics: {
    spectralNorm: { value: 2 },
    frobeniusNorm: { value: Math.sqrt(5) },
    stableRank: { value: 1.25 },
    numericalRank: { value: 2 },
    alpha: { value: 3, note: 'only 2 eigenvalues' },
    condition: { value: null, note: 'none' },
  },
  entries: { rows: 3, columns: 2, zeroRows: 0, zeroColumns: 0, fingerprint: '0' },
  statistics: { count: 6, nan: 0, infinite: 0, zero: 4, min: 0, max: 2, mean: 0.5, standardDeviation: 0.7 },
});

const table = (csv: string): Record<string, string>[] => {
  const [head, ...rows] = csv.split('\r\n').filter((line) => line !== '');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell])));
};

describe('the table of layers', () => {
  it("has WeightWatcher's numbers under its names", () => {
    const [a, b] = table(layersCsv({ layers: [layer('a'), layer('b')] }, new Map([['a', spectrum('a')]])));
    // sigma 2 and 1: eigenvalues 4 and 1.
    expect(a).toMatchObject({
      layer_id: '0',
      longname: 'a',
      N: '3',
      M: '2',
      Q: '1.5',
      num_evals: '2',
      alpha: '3',
      lambda_max: '4',
      spectral_norm: '4',
      sv_max: '2',
      sv_min: '1',
      stable_rank: '1.25',
      matrix_rank: '2',
      rank_loss: '0',
      weak_rank_loss: '0',
      condition: '',
      zero: '4',
    });
    expect(Number(a.norm)).toBeCloseTo(5, 12);
    expect(Number(a.alpha_weighted)).toBeCloseTo(3 * 0.6020599913279624, 12);
    // 4^3 + 1^3 = 65
    expect(Number(a.log_alpha_norm)).toBeCloseTo(1.8129133566428555, 12);
    expect(b).toMatchObject({ layer_id: '1', longname: 'b', N: '3', alpha: '', sv_max: '', zero: '' });
  });

  it('has our own measures, and says what a matrix is not', () => {
    const stored = { ...layer('v'), note: 'the direction that weight_norm scales, as it is stored' };
    const all = spectrum('v');
    const metrics = {
      ...all.metrics,
      effectiveRank: { value: 1.8 },
      participationRatio: { value: 1.5 },
      condition: { value: 2 },
      conditionStored: { value: 2.5 },
      numericalRankStored: { value: 7 },
      bulkEdge: { value: 3.5 },
      spikes: { value: 4 },
      aboveShuffled: { value: 5 },
      shuffledSpectralNorm: { value: 1.25 },
    };
    const csv = layersCsv({ layers: [stored, layer('w')] }, new Map([['v', { ...all, metrics }]]));
    expect(csv.split('\r\n')[0]).toContain(
      'method,effective_rank,participation_ratio,condition,condition_stored,rank_stored,bulk_edge,bulk_spikes,above_shuffled,shuffled_sv_max,zero_rows,zero_columns,note,',
    );
    const quoted = csv.replace(`"${stored.note}"`, 'as stored');
    expect(quoted).not.toBe(csv);
    const [v, w] = table(quoted);
    expect(v).toMatchObject({
      effective_rank: '1.8',
      participation_ratio: '1.5',
      condition: '2',
      condition_stored: '2.5',
      rank_stored: '7',
      bulk_edge: '3.5',
      bulk_spikes: '4',
      above_shuffled: '5',
      shuffled_sv_max: '1.25',
      note: 'as stored',
    });
    expect(w.note).toBe('');
  });

  it('keeps hostile names in their cell', () => {
    const csv = layersCsv({ layers: [layer('=cmd|"x",1\r\n2')] }, new Map());
    expect(csv.split('\r\n')[1]).toBe(`0,"'=cmd|""x"",1`);
    expect(layersCsv({ layers: [] }, new Map())).toBe('');
  });
});

describe('the attachment for Netron', () => {
  it('has every value as a metric of its tensor, and the part in the name', () => {
    const layers = [layer('a[q]', 'a')];
    const { signature, metrics } = JSON.parse(
      netronAttachment({ layers, parameters: 6 }, new Map([['a[q]', spectrum('a[q]')]])),
    );
    expect(signature).toBe('netron:attachment');
    expect(metrics).toHaveLength(6);
    expect(metrics[0]).toEqual({ kind: 'model', name: 'parameters', value: 6, type: 'int64' });
    expect(metrics[1]).toEqual({
      kind: 'tensor',
      target: 'a',
      name: 'spectralNorm [q]',
      value: 2,
      type: 'float32',
    });
  });
});
