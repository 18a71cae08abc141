import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Analysis,
  analysisSchema,
  type Metric,
  runSchema,
  type TrainEvent,
  type TrainResult,
} from '../../../src/protocol/index.ts';
import { Bench, population, SIGMA, STRENGTHS, sampled } from './experiments.ts';
import { Host } from './host.ts';

const bench = new Bench();
const host = new Host();
afterAll(() => host.close());

/** Trains into `run` and returns the events. */
const train = async (run: string, experiment: object, inspectEvery: number | null) => {
  const events: TrainEvent[] = [];
  const params = bench.training(run, experiment, { inspectEvery });
  const result = await host.run('train', params, { onEvent: (event) => events.push(event) });
  return { events, result };
};

/** `begun`, `metric 20`, `inspected 1`: the events in a word or two each. */
const inWords = (events: readonly TrainEvent[]): string[] =>
  events.map((event) => {
    if (event.kind === 'metric') return `metric ${event.metric.step}`;
    return 'epoch' in event ? `${event.kind} ${event.epoch}` : event.kind;
  });

const metricsOf = (events: readonly TrainEvent[]): Metric[] =>
  events.flatMap((event) => (event.kind === 'metric' ? [event.metric] : []));

const analysisAt = (run: string, checkpoint: string): Analysis =>
  analysisSchema.parse(bench.document(run, 'analyses', `${checkpoint}.json`));

describe('a training on exact moments', () => {
  let events: TrainEvent[];
  let result: TrainResult;
  beforeAll(async () => {
    ({ events, result } = await train('moments', population(), 2));
  });

  it('tells what happens in its order', () => {
    // A line every 2 of the 20 steps; inspected at the first epoch and every second one except the last.
    const lines = (epoch: number) =>
      Array.from({ length: 10 }, (_, i) => `metric ${20 * (epoch - 1) + 2 * (i + 1)}`);
    const inspected = (epoch: number) => [`inspecting ${epoch}`, `inspected ${epoch}`];
    expect(inWords(events)).toEqual([
      'begun',
      ...[...lines(1), ...inspected(1), ...lines(2), ...inspected(2)],
      ...[...lines(3), ...lines(4), ...inspected(4), ...lines(5)],
    ]);
  });

  it('begins with the record that is in the run', () => {
    const [begun] = events;
    const record = runSchema.parse(bench.document('moments', 'run.json'));
    expect(begun).toEqual({ kind: 'begun', record, backend: record.backend.reason, fromStep: 0 });
    expect(record).toMatchObject({
      totalSteps: 100,
      stepsPerEpoch: 20,
      backend: { kind: 'native', threads: 1 },
    });
  });

  it('tells every line of the metrics, and no speed where there are no samples', () => {
    expect(metricsOf(events)).toEqual(bench.metrics('moments'));
    const speeds = events.flatMap((event) => (event.kind === 'metric' ? [event.samplesPerSecond] : []));
    expect(speeds).toEqual(Array(50).fill(null));
  });

  it('ends with where it got to', () => {
    const loss = bench.metrics('moments').at(-1)!.loss;
    expect(result).toEqual({
      outcome: 'finished',
      step: 100,
      totalSteps: 100,
      loss,
      seconds: expect.any(Number),
    });
    expect(result.seconds).toBeGreaterThan(0);
  });

  it('keeps what was inspected, and leaves the last epoch to a whole inspection', () => {
    const kept = ['epoch-0001', 'epoch-0002', 'epoch-0004'];
    expect(readdirSync(bench.path('moments', 'analyses')).sort()).toEqual(kept.map((name) => `${name}.json`));
    const files = readdirSync(bench.path('moments', 'checkpoints')).sort();
    expect(files).toEqual([...kept, 'last'].map((name) => `${name}.safetensors`));
    expect(existsSync(bench.path('moments', 'analysis.json'))).toBe(false);
    expect(kept.map((name) => analysisAt('moments', name)).map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 20],
      [2, 40],
      [4, 80],
    ]);
  });

  it('analyses exact moments as such, above the input', () => {
    const analysis = analysisAt('moments', 'epoch-0004');
    expect(analysis.samples).toEqual({ train: 0, test: 0 });
    expect(analysis.layers.map(({ name, samples }) => [name, samples])).toEqual([
      ['encoder.1', 0],
      ['head.1', 0],
    ]);
  });
});

describe('a training on samples', () => {
  let events: TrainEvent[];
  beforeAll(async () => {
    await train('plain', sampled(), 0);
    ({ events } = await train('inspected', sampled(), 1));
  });

  it('comes to the very bytes of one without inspections', () => {
    expect(bench.outcome('inspected')).toEqual(bench.outcome('plain'));
    expect(existsSync(bench.path('plain', 'analyses'))).toBe(false);
  });

  it('keeps the state of every epoch that was inspected', async () => {
    // With a constant learning rate, training for two epochs is the first half of training for four.
    await train('short', sampled({ epochs: 2 }), 0);
    const kept = bench.bytes('inspected', 'checkpoints', 'epoch-0002.safetensors');
    expect(kept.equals(bench.bytes('short', 'checkpoints', 'last.safetensors'))).toBe(true);
  });

  it('says how many samples were looked at', () => {
    const analysis = analysisAt('inspected', 'epoch-0001');
    expect(analysis.samples).toEqual({ train: 160, test: 1000 });
    expect(analysis.layers.map(({ samples }) => samples)).toEqual([1000, 1000]);
    expect(analysis.layers.flatMap(({ probes }) => probes)).toEqual([]);
  });

  it('looks at the whole test split when it is small', async () => {
    const small = { kind: 'synthetic', strengths: STRENGTHS, train: 160, test: 60 };
    await train('small', sampled({ data: small, epochs: 2 }), 1);
    expect(analysisAt('small', 'epoch-0001').samples).toEqual({ train: 160, test: 60 });
  });

  it('gives the theory of the experiment as it is, noise and all', () => {
    const post = STRENGTHS.map((phi, j) => phi / (phi ** 2 + SIGMA[j] ** 2));
    const theory = analysisAt('inspected', 'epoch-0003').theory!.layers;
    for (const [at, expected] of [post.map(Math.sqrt), post].entries()) {
      theory[at].weights.forEach(({ weight }, j) => {
        expect(weight).toBeCloseTo(expected[j], 9);
      });
    }
  });

  it('tells a speed with every line', () => {
    const speeds = events.flatMap((event) => (event.kind === 'metric' ? [event.samplesPerSecond] : []));
    expect(speeds).toHaveLength(40);
    for (const speed of speeds) expect(speed).toBeGreaterThan(0);
  });

  it('is inspected about eight times when nothing is said', async () => {
    const long = await train('long', population({ epochs: 20, stepsPerEpoch: 5 }), null);
    const epochs = long.events.flatMap((event) => (event.kind === 'inspected' ? [event.epoch] : []));
    expect(epochs).toEqual([1, 3, 6, 9, 12, 15, 18]);
  });
});

it('writes nothing to its streams', () => {
  expect(host.said).toBe('');
});
