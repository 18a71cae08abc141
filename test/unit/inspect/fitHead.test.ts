import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NpyArray, readModelPieces } from '../../../src/checkpoint/index.ts';
import { withHead } from '../../../src/handover/withHead.ts';
import { type FittedHead, fitHead } from '../../../src/inspect/fitHead.ts';
import { inspectSource } from '../../../src/inspect/inspectSource.ts';
import type { Probe } from '../../../src/protocol/index.ts';
import { type Backend, openBackend } from '../../../src/runtime/index.ts';
import type { Source } from '../../../src/sources/index.ts';
import { openRecording } from '../../../src/sources/recording/recordingSource.ts';
import { seededRandom } from '../../cli/seededRandom.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
const SAMPLES = 240;
const WIDTH = 5;
const random = seededRandom(7);
const normal = () => random() + random() + random() - 1.5;

/** Three kinds and two places, which mostly go together; a height; one column that never varies. */
const place = Array.from({ length: SAMPLES }, () => Math.floor(2 * random()));
const kind = place.map((at) => (random() < 0.8 ? at : Math.floor(3 * random())));
const isLarge = kind.map((at) => (at === 2 ? 'yes' : 'no'));
const height = Array.from({ length: SAMPLES }, () => 10 * normal());
const rows = kind.flatMap((at, sample) => [
  3 * normal() + at,
  100 + 10 * (place[sample] + normal()),
  0.01 * (height[sample] + 2 * normal()),
  7,
  normal() + (at === 2 ? 2 : 0),
]);
const split = Array.from({ length: SAMPLES }, (_, sample) => (sample % 4 === 0 ? 1 : 0));

let source: Source;
let backend: Backend;

beforeAll(async () => {
  const integers = (values: readonly number[]): NpyArray => ({
    dtype: 'int32',
    shape: [values.length],
    data: Int32Array.from(values),
  });
  const arrays = new Map<string, NpyArray>([
    ['layers/000.acts', { dtype: 'float32', shape: [SAMPLES, WIDTH], data: Float32Array.from(rows) }],
    ['labels/kind', integers(kind)],
    ['labels/large', { dtype: 'string', shape: [SAMPLES], data: isLarge }],
    ['labels/height', { dtype: 'float64', shape: [SAMPLES], data: Float64Array.from(height) }],
    ['groups/place', integers(place)],
    ['split', integers(split)],
  ]);
  const file = join(scratch, 'acts.npz');
  writeFileSync(file, await encodeNpz(arrays));
  const options = { name: 'acts', seed: 1, testShare: 0.2, layers: 'all' as const };
  ({ source } = await openRecording(file, options));
  backend = await openBackend('native', { threads: 1 });
});

const TASKS = [
  { name: 'kind', factor: 'kind' },
  { name: 'large', factor: 'large' },
  { name: 'height', factor: 'height' },
  { name: 'fair kind', factor: 'kind', groups: ['place'], balance: 'groups' as const },
];
const asked = { downstream: TASKS, probes: ['logistic-standardised' as const] };

const headOf = (task: string): Promise<FittedHead> =>
  fitHead({ source, asked, task, layer: 'acts', backend });

/** What ONNX Runtime makes of a head: [samples, outputs] for the test split. */
const run = async (head: FittedHead): Promise<Record<string, Float32Array>> => {
  const { model } = await withHead(null, head);
  const session = await ort.InferenceSession.create(model);
  const test = split.flatMap((at, sample) =>
    at === 1 ? rows.slice(sample * WIDTH, (sample + 1) * WIDTH) : [],
  );
  const shape = [test.length / WIDTH, WIDTH];
  const results = await session.run({
    representation: new ort.Tensor('float32', Float32Array.from(test), shape),
  });
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
};

const ofTest = <T>(values: readonly T[]): T[] => values.filter((_, sample) => split[sample] === 1);

describe('the final head of a task', () => {
  let probes: Probe[];
  beforeAll(async () => {
    const analysis = await inspectSource({ source, asked, backend });
    probes = [...analysis.layers[0].probes];
  });

  it.each(['kind', 'large', 'height', 'fair kind'])(
    'scores what the probe of the layer does: %s',
    async (task) => {
      const head = await headOf(task);
      const probe = probes.find((each) => each.task === task)!;
      expect(head.penalty.value).toBe(probe.c ?? probe.alpha);
      const [found] = head.evaluations;
      expect(found.accuracy).toBeCloseTo(probe.evaluations[0].accuracy!, 9);
      expect(found.worstGroup?.accuracy).toBe(probe.evaluations[0].worstGroup?.accuracy);
      expect(head.trainSamples).toBe(180);
    },
  );

  it.each([
    ['kind', ['0', '1', '2'], kind.map(String)],
    ['large', ['no', 'yes'], isLarge],
  ])('predicts the classes as an ONNX model: %s', async (task, classes, truth) => {
    const head = await headOf(task);
    expect(head.classes).toEqual(classes);
    const { logits, probabilities } = await run(head);
    const labels = ofTest(truth);
    const predicted = labels.map((_, sample) => {
      const own = [...logits.slice(sample * classes.length, (sample + 1) * classes.length)];
      return classes[own.indexOf(Math.max(...own))];
    });
    const right = predicted.filter((label, sample) => label === labels[sample]).length;
    expect(right / labels.length).toBeCloseTo(head.evaluations[0].accuracy!, 9);
    for (let sample = 0; sample < labels.length; sample++) {
      const own = [...probabilities.slice(sample * classes.length, (sample + 1) * classes.length)];
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  it('predicts a number as an ONNX model', async () => {
    const head = await headOf('height');
    expect(head.classes).toBe(null);
    const { prediction } = await run(head);
    const truth = ofTest(height);
    const mean = truth.reduce((a, b) => a + b) / truth.length;
    const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
    const left = squares(truth.map((value, sample) => value - prediction[sample]));
    expect(1 - left / squares(truth.map((value) => value - mean))).toBeCloseTo(
      head.evaluations[0].accuracy!,
      4,
    );
  });

  it('balances the groups of a task, which the probe need not', async () => {
    const [plain] = [{ name: 'grouped', factor: 'kind', groups: ['place'] }];
    const head = await fitHead({
      source,
      asked: { ...asked, downstream: [plain] },
      task: 'grouped',
      layer: 'acts',
      backend,
    });
    expect(head.balance).toBe('groups');
    const fair = await headOf('fair kind');
    expect([...head.weights.data]).toEqual([...fair.weights.data]);
    expect((await headOf('kind')).balance).toBe(null);
  });

  it('has the names of its classes in the file', async () => {
    const { model } = await withHead(null, await headOf('large'));
    const { metadata } = await readModelPieces(model);
    const said = Object.fromEntries(metadata.map(({ name, value }) => [name, value]));
    expect(said).toMatchObject({ 'pentimento.task': 'large', 'pentimento.layer': 'acts' });
    expect(JSON.parse(said['pentimento.classes'])).toEqual(['no', 'yes']);
  });

  it.each([
    [
      'an unknown task',
      { task: 'age' },
      '--task: there is no task "age". Choose from kind, large, height, fair kind.',
    ],
    ['an unknown layer', { layer: 'acs' }, '--layer: there is no layer "acs". Choose from acts.'],
  ])('refuses %s', async (_, changed, message) => {
    const fault = await faultOf(fitHead({ source, asked, task: 'kind', layer: 'acts', backend, ...changed }));
    expect(fault.message).toBe(message);
  });
});
