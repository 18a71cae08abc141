import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../src/checkpoint/index.ts';
import { runCli, Workspace } from './cli.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../unit/layers/fixtures/${name}`, import.meta.url));
const WEIGHTS = fixture('weights.safetensors');
/** Singular values computed by numpy. */
const EXPECTED = JSON.parse(readFileSync(fixture('weights.json'), 'utf8')) as Record<
  'shared' | 'reshape' | 'slices',
  Record<string, { matrix: [number, number]; values: number[][]; singularValues: number[] }>
>;
const workspace = new Workspace();

interface SpectraDocument {
  readonly file: string;
  readonly format: string;
  readonly parameters: number;
  readonly layers: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly matrix: readonly [number, number];
    readonly slices: number;
    readonly method: string;
    readonly singularValues: readonly number[];
    readonly error: { readonly values: readonly number[] } | null;
    readonly metrics: Readonly<Record<string, number | null>>;
    readonly notes: Readonly<Record<string, string>>;
  }[];
  readonly vectors: readonly {
    readonly name: string;
    readonly statistics: { readonly nan: number } | null;
  }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly health: {
    readonly tensors: number;
    readonly sick: number;
    readonly findings: readonly { readonly name: string }[];
  };
}

describe('spectra', () => {
  it.each(['reshape', 'slices'] as const)('measures every layer, convolutions as %s', async (view) => {
    const expected = { ...EXPECTED.shared, ...EXPECTED[view] };
    const document = await workspace.json<SpectraDocument>('spectra', WEIGHTS, '--conv', view);
    expect(document).toMatchObject({ file: WEIGHTS, format: 'safetensors' });
    expect(document.layers.length).toBe(Object.keys(expected).length + 1);
    for (const { name, matrix, slices, method, singularValues, metrics } of document.layers) {
      if (name === 'not_finite.weight') continue;
      const { matrix: size, values, singularValues: sigma } = expected[name];
      expect([name, matrix, slices, method]).toEqual([name, size, values.length, 'exact']);
      expect(singularValues.length).toBe(sigma.length);
      singularValues.forEach((value, i) => {
        expect(Math.abs(value - sigma[i])).toBeLessThan(1e-10 * sigma[0]);
      });
      const squares = sigma.reduce((sum, value) => sum + value * value, 0);
      expect(metrics.stableRank).toBeCloseTo(squares / sigma[0] ** 2, 9);
    }
    expect(document.skipped.map(({ name }) => name)).toContain('norm.running_mean');
  });

  it('gives null with a note where weights are not finite', async () => {
    const { layers } = await workspace.json<SpectraDocument>('spectra', WEIGHTS, '--layers', 'not_finite*');
    expect(layers[0].singularValues).toEqual([]);
    expect(layers[0].metrics.spectralNorm).toBeNull();
    expect(layers[0].notes.spectralNorm).toBe('the weights contain 1 NaN and 1 infinite value');
  });

  it('takes the layers that are named, and estimates when told to', async () => {
    const { layers } = await workspace.json<SpectraDocument>(
      'spectra',
      WEIGHTS,
      '--layers',
      'conv?d.weight, kv.weight[k]',
      '--approx',
    );
    expect(layers.map(({ name }) => name)).toEqual([
      'kv.weight[k]',
      'conv1d.weight',
      'conv2d.weight',
      'conv3d.weight',
    ]);
    for (const { name, method, singularValues, error } of layers) {
      expect(method).toBe('estimate');
      const exact = { ...EXPECTED.shared, ...EXPECTED.reshape }[name].singularValues;
      singularValues.forEach((value, i) => {
        expect(Math.abs(value - exact[i])).toBeLessThanOrEqual((error?.values[i] ?? 0) + 1e-12);
      });
    }
  });

  it('refuses a layer that is beyond the memory allowed, with the numbers, and measures the others', async () => {
    const side = 300;
    const large: StoredTensor = {
      dtype: 'float32',
      shape: [side, side],
      data: new Float32Array(side * side).fill(1),
    };
    const small: StoredTensor = { dtype: 'float32', shape: [3, 3], data: new Float32Array(9).fill(1) };
    const tensors = new Map([
      ['large.weight', large],
      ['small.weight', small],
    ]);
    const file = workspace.write('memory.safetensors', encodeSafetensors(tensors));
    const limited = { cwd: workspace.folder, shell: 'PENTIMENTO_MEMORY_MB=0.1' };
    const both = await runCli(['spectra', file, '--json'], limited);
    expect([both.code, both.stderr]).toEqual([0, '']);
    const { layers } = JSON.parse(both.stdout) as SpectraDocument;
    const norms = Object.fromEntries(layers.map(({ name, metrics }) => [name, metrics.spectralNorm]));
    expect(norms).toEqual({ 'large.weight': null, 'small.weight': expect.closeTo(3, 12) });
    const refused =
      /^layer "large\.weight" of 300 x 300 would take \d+(?:\.\d+)? MB of memory, more than the 100 kB/;
    expect(layers.find(({ name }) => name === 'large.weight')?.notes.spectralNorm).toMatch(refused);
    const alone = await runCli(['spectra', file, '--layers', 'large*'], limited);
    expect([alone.code, alone.stdout]).toEqual([1, '']);
    expect(alone.stderr).toContain('memory.safetensors: layer "large.weight" of 300 x 300 would take ');
  });

  it('prints a table, and what was skipped and why', async () => {
    const lines = (await workspace.succeed('spectra', WEIGHTS, '--layers', 'conv2d.weight')).split('\n');
    expect(lines[0]).toMatch(/: safetensors, [\d,]+ parameters in 70 layers, 3 vectors, 5 skipped$/);
    expect(lines[2].split(/\s{2,}/)).toEqual([
      'layer',
      'matrix',
      'dtype',
      'sigma1',
      'stable rank',
      'effective rank',
      'rank',
      'alpha',
      'spikes',
      'above shuffled',
      'notes',
    ]);
    const sigma = EXPECTED.reshape['conv2d.weight'].singularValues;
    expect(lines[3].split(/\s{2,}/).slice(0, 4)).toEqual([
      'conv2d.weight',
      '4 x 18',
      'F32',
      sigma[0].toPrecision(4),
    ]);
    expect(lines).toContain('  has no values: empty.weight (F32, [0, 4])');
  });

  it('says what is wrong with each tensor, vectors too, with its own counts', async () => {
    const sick = fixture('sick.safetensors');
    const lines = (await workspace.succeed('spectra', sick)).split('\n');
    const from = lines.findIndex((line) =>
      line.endsWith('have problems (4 with errors, 6 with warnings); 1 note'),
    );
    expect(lines.slice(from, from + 12)).toEqual([
      '10 of 16 tensors have problems (4 with errors, 6 with warnings); 1 note',
      '  error    allnan.weight: 256 of 256 values are NaN',
      '  error    inf.weight: 1 of 256 values is infinite',
      '  error    nan.weight: 1 of 256 values is NaN',
      '  error    deadbias.bias: 16 of 16 values are NaN',
      '  warning  const.weight: all 256 values are equal',
      '  warning  dead.weight: all 256 values are zero',
      '  warning  deadrows.weight: 4 of 16 rows are all zero',
      '  warning  dup2.weight: has the same values as dup1.weight',
      '  warning  neg0.weight: all 256 values are zero',
      '  warning  rank1.weight: the rank is 1',
      '  note     eye.weight: 240 of 256 values are zero',
    ]);
    // No footnote has a range over the counts of several layers.
    expect(lines.filter((line) => /^\[\d+\].*(?:NaN|infinite)/.test(line))).toEqual([]);

    const document = await workspace.json<SpectraDocument>('spectra', sick);
    const { tensors, sick: count, findings } = document.health;
    expect([tensors, count, findings.length]).toEqual([16, 10, 11]);
    expect(findings.find(({ name }) => name === 'deadbias.bias')).toEqual({
      name: 'deadbias.bias',
      severity: 'error',
      findings: [{ kind: 'nan', severity: 'error', count: 16, of: 16 }],
      what: '16 of 16 values are NaN',
    });
    expect(document.vectors.map(({ name, statistics }) => [name, statistics?.nan])).toEqual([
      ['deadbias.bias', 16],
    ]);
  });

  it('refuses what it cannot do in one line', async () => {
    expect(await workspace.failure('spectra', 'nothing.safetensors')).toEqual([
      2,
      'nothing.safetensors: there is no such file. Check the path.',
    ]);
    expect(await workspace.failure('spectra', WEIGHTS, '--layers', 'nope*')).toEqual([
      2,
      `${WEIGHTS}: no layer matches "nope*". It has "h.0.attn.c_attn.weight[q]", "h.0.attn.c_attn.weight[k]", "h.0.attn.c_attn.weight[v]", "h.0.mlp.c_fc.weight", "h.1.mlp.c_fc.weight" and 65 more.`,
    ]);
  });

  it('stops when it is interrupted', async () => {
    const side = 1024;
    const large: StoredTensor = {
      dtype: 'float32',
      shape: [side, side],
      data: Float32Array.from({ length: side * side }, (_, i) => Math.sin(i * i)),
    };
    workspace.write('large.safetensors', encodeSafetensors(new Map([['a.weight', large]])));
    // When the thread that measures the layer opens the file.
    const signalAt = { signal: 'SIGINT', nth: 1, of: 'large.safetensors', thread: 'worker' } as const;
    const { code, stdout, stderr } = await runCli(['spectra', 'large.safetensors'], {
      cwd: workspace.folder,
      signalAt,
    });
    expect([code, stdout, stderr]).toEqual([
      130,
      '',
      'cancelled. Nothing was written; run the command again.\n',
    ]);
  });
});
