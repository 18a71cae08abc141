import { existsSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { type NpyArray, readNpz } from '../../../src/checkpoint/index.ts';
import { inspectJob } from '../../../src/engine/runJobs.ts';
import {
  type Analysis,
  analysisSchema,
  type Progress,
  parseDocument,
  RECOMMENDATIONS_DOCUMENT,
} from '../../../src/protocol/index.ts';
import { Bench, labelled, labels, population } from './experiments.ts';
import { Host } from './host.ts';

const bench = new Bench();
const host = new Host();
afterAll(() => host.close());

const recommendations = (run: string) => {
  const path = bench.path(run, 'recommendations.json');
  return parseDocument(RECOMMENDATIONS_DOCUMENT, bench.bytes(run, 'recommendations.json').toString(), path);
};

const progress: Progress[] = [];

beforeAll(async () => {
  await bench.writeLabelledData();
  await host.run('train', bench.training('run', labelled(), { inspectEvery: 1 }));
  await host.run('train', bench.training('moments', population()));
  const onEvent = (value: Progress) => void progress.push(value);
  const result = await host.run('inspect', bench.inspection('run'), { onEvent });
  expect(result).toEqual({ layers: 4, tasks: ['class'], seconds: expect.any(Number) });
});

describe('inspect', () => {
  it('writes the analysis of the newest state and a recommendation for every task', () => {
    const analysis = analysisSchema.parse(bench.document('run', 'analysis.json'));
    expect(analysis).toMatchObject({ epoch: 2, step: 6, samples: { train: 48, test: 48 } });
    expect(analysis.layers.map(({ name }) => name)).toEqual([
      'input',
      'encoder.1',
      'encoder.2',
      'classifier',
    ]);
    expect(recommendations('run')).toMatchObject({
      step: 6,
      recommendations: [{ task: 'class', on: 'test' }],
    });
  });

  it('tells how far it is', () => {
    expect(progress.length).toBeGreaterThan(4);
    expect(new Set(progress.map(({ job }) => job))).toEqual(new Set(['inspect']));
    const done = progress.map((value) => value.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    for (const { done, total } of progress) expect(done).toBeLessThanOrEqual(total);
  });

  it('looks at a kept state without touching what is known of the newest', async () => {
    await host.run('train', bench.training('kept', labelled(), { inspectEvery: 1 }));
    await host.run('inspect', bench.inspection('kept'));
    const before = bench.bytes('kept', 'analysis.json');
    const advice = bench.bytes('kept', 'recommendations.json');
    const light = bench.document<Analysis>('kept', 'analyses', 'epoch-0001.json');
    expect(light.layers.flatMap(({ probes }) => probes)).toEqual([]);
    await host.run('inspect', bench.inspection('kept', { state: 'epoch-0001' }));
    const whole = bench.document<Analysis>('kept', 'analyses', 'epoch-0001.json');
    expect(whole).toMatchObject({ epoch: 1, step: 3 });
    expect(whole.layers.every(({ probes }) => probes.length === 3)).toBe(true);
    expect(bench.bytes('kept', 'analysis.json').equals(before)).toBe(true);
    expect(bench.bytes('kept', 'recommendations.json').equals(advice)).toBe(true);
  });

  it('asks the questions of another experiment', async () => {
    const downstream = [{ name: 'kind', factor: 'label' }];
    const experiment = bench.write('asked.json', labelled({ layers: ['encoder.2'], downstream }));
    const asked = bench.inspection('run', { state: 'epoch-0001', experiment });
    expect(await host.run('inspect', asked)).toMatchObject({ layers: 1, tasks: ['kind'] });
    const wrong = bench.write('wrong.json', labelled({ layers: ['encoder.9'] }));
    const { data } = await host.failure('inspect', { ...asked, experiment: wrong });
    expect(data).toMatchObject({ kind: 'input', where: `${wrong} /layers/0` });
  });

  it('writes nothing when it is cancelled, at whatever it says', async () => {
    const whole: Progress[] = [];
    await host.run('train', bench.training('counted', labelled()));
    await host.run('inspect', bench.inspection('counted'), { onEvent: (value) => whole.push(value) });
    await host.run('train', bench.training('cancelled', labelled()));
    for (const last of [1, Math.ceil(whole.length / 2), whole.length - 1]) {
      const controller = new AbortController();
      let said = 0;
      // In this process, where the cancellation arrives before the job does anything else.
      const report = (): void => {
        if (++said === last) controller.abort();
      };
      const { signal } = controller;
      const job = inspectJob(bench.inspection('cancelled'), { signal, report });
      expect(await job.catch((error: unknown) => error)).toBe(signal.reason);
      expect(existsSync(bench.path('cancelled', 'analysis.json'))).toBe(false);
    }
  });

  it('ends as cancelled when the cancellation follows the question', async () => {
    await host.run('train', bench.training('called-off', labelled()));
    const source = new CancellationTokenSource();
    const failing = host.failure('inspect', bench.inspection('called-off'), { token: source.token });
    // Sent after the request, so that it arrives before the answer is ready.
    source.cancel();
    const { code, data } = await failing;
    expect([code, data]).toEqual([-32800, undefined]);
    expect(existsSync(bench.path('called-off', 'analysis.json'))).toBe(false);
  });
});

describe('recommend', () => {
  it('answers as the document beside the analysis does', async () => {
    const question = { folder: bench.path('run'), state: 'last' };
    const [expected] = recommendations('run').recommendations;
    expect(await host.run('recommend', question)).toEqual(expected);
    expect(await host.run('recommend', { ...question, task: 'class' })).toEqual(expected);
    expect(await host.run('recommend', { ...question, method: 'knn' })).toMatchObject({ method: 'knn' });
  });

  it('says that a run was not inspected', async () => {
    const { code, data } = await host.failure('recommend', {
      folder: bench.path('moments'),
      state: 'last',
    });
    expect(code).toBe(1);
    expect(data).toMatchObject({
      kind: 'input',
      what: 'the run has not been inspected yet',
      where: bench.path('moments', 'analysis.json'),
    });
  });
});

describe('report', () => {
  it('writes one page with the run, its analysis and the recommendations of it', async () => {
    const file = bench.path('report.html');
    const { bytes } = await host.run('report', { folder: bench.path('run'), state: 'last', file });
    const page = readFileSync(file, 'utf8');
    expect(Buffer.byteLength(page)).toBe(bytes);
    const [, data] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(page)!;
    const { subject, analysis, recommendations: recommended } = JSON.parse(data);
    expect(subject).toMatchObject({ kind: 'run', record: { name: expect.any(String) } });
    expect(analysis).toEqual(JSON.parse(readFileSync(bench.path('run', 'analysis.json'), 'utf8')));
    expect(recommended).toEqual(recommendations('run').recommendations);
  });

  it('is not written for a run that was not inspected', async () => {
    const file = bench.path('no-report.html');
    const { data } = await host.failure('report', { folder: bench.path('moments'), state: 'last', file });
    expect(data).toMatchObject({ kind: 'input', what: 'the run has not been inspected yet' });
    expect(existsSync(file)).toBe(false);
  });
});

describe('handing a layer over', () => {
  const handOver = (layer: string, name: string) => ({
    ...bench.inspection('run'),
    layer,
    file: bench.path(name),
  });

  it('writes the model up to it', async () => {
    const params = handOver('encoder.2', 'layer.onnx');
    const { bytes, shape } = await host.run('exportLayer', params);
    expect(shape).toBe('batch x 3 -> batch x 4');
    expect(statSync(params.file).size).toBe(bytes);
  });

  it('writes the representations of a split with its labels', async () => {
    const params = { ...handOver('encoder.1', 'test.npz'), split: 'test' as const };
    const progress: Progress[] = [];
    const { bytes, shape } = await host.run('embed', params, { onEvent: (value) => progress.push(value) });
    expect(shape).toBe('48 x 6');
    expect(statSync(params.file).size).toBe(bytes);
    expect(progress.at(-1)).toMatchObject({ job: 'embed', done: 48, total: 48 });
    const arrays: Map<string, NpyArray> = await readNpz(params.file);
    expect(arrays.get('representations')!.shape).toEqual([48, 6]);
    expect([...arrays.get('label')!.data]).toEqual(labels());
  });

  it('names the layers there are, and writes nothing, when there is no such one', async () => {
    for (const job of ['exportLayer', 'embed'] as const) {
      const params = { ...handOver('encoder.9', `${job}.none`), split: 'train' as const };
      const { code, data } = await host.failure(job, params);
      expect(code).toBe(1);
      expect(data).toMatchObject({ what: "the model has no layer 'encoder.9'" });
      expect(data!.remedy).toContain('encoder.2');
      expect(existsSync(params.file)).toBe(false);
    }
  });

  it('has nothing to embed of exact moments', async () => {
    const params = {
      ...handOver('encoder.1', 'none.npz'),
      folder: bench.path('moments'),
      split: 'test' as const,
    };
    const { data } = await host.failure('embed', params);
    expect(data).toMatchObject({ kind: 'input', where: bench.path('moments') });
  });
});

describe('describeCheckpoint', () => {
  const describeFile = (file: string) =>
    host.run('describeCheckpoint', { file, convolution: 'reshape' as const });

  it('lists the layers of a trained state', async () => {
    const file = bench.path('moments', 'checkpoints', 'last.safetensors');
    const { format, parameters, layers, vectors } = await describeFile(file);
    // Two linear layers of 5 x 5 without bias; plain gradient descent stores nothing else.
    expect([format, parameters, vectors]).toEqual(['safetensors', 50, []]);
    expect(layers.map(({ name, kind, dtype, matrix }) => [name, kind, dtype, matrix]).sort()).toEqual([
      ['model/encoder.1.weight', 'dense', 'F32', [5, 5]],
      ['model/head.1.weight', 'dense', 'F32', [5, 5]],
    ]);
  });

  it('says of every tensor of a file written by hand what becomes of it', async () => {
    const header = JSON.stringify({
      matrix: { dtype: 'F16', shape: [2, 3], data_offsets: [0, 12] },
      scalar: { dtype: 'F32', shape: [], data_offsets: [12, 16] },
      empty: { dtype: 'F32', shape: [0, 7], data_offsets: [16, 16] },
      __metadata__: { format: 'pt' },
    });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = bench.write(
      'hand.safetensors',
      Buffer.concat([length, Buffer.from(header), Buffer.alloc(16)]),
    );
    const { layers, skipped } = await describeFile(file);
    expect(layers.map(({ name }) => name)).toEqual(['matrix']);
    expect(skipped.map(({ name, shape }) => [name, shape]).sort()).toEqual([
      ['empty', [0, 7]],
      ['scalar', []],
    ]);
  });
});
