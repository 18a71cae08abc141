import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openStream } from '../../../src/data/index.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { stratifiedFolds } from '../../../src/inspect/probes/folds.ts';
import { penalise } from '../../../src/inspect/probes/logistic.ts';
import { HIDDEN, heStart, mlpScores, openMlpFits } from '../../../src/inspect/probes/mlp.ts';
import { probeLayer } from '../../../src/inspect/probes/probeLayer.ts';
import type { ProbeTask } from '../../../src/inspect/probes/task.ts';
import { fitColumns } from '../../../src/inspect/probes/whitening.ts';
import { shuffled } from '../../../src/inspect/shuffle.ts';
import { type Evaluation, type Probe, unpackOutcomes } from '../../../src/protocol/index.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { type Matrix, matrix, scaled } from '../../../src/spectrum/index.ts';

interface Found {
  value: number;
  gradient: number[];
}
interface Case {
  classes: number;
  c: number;
  rows: number[][];
  labels: number[];
  weights: number[];
  point: number[];
  plain: Found;
  weighted: Found;
}
const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./fixtures/mlp.json', import.meta.url), 'utf8'),
);

const backend = await openBackend('native', { threads: 1 });
const products = new Products(backend);
afterAll(() => products.dispose());

/** The rows of a case, as one of its tasks. */
const openCase = async ({ rows, labels, classes, ...data }: Case, isWeighted: boolean) => {
  const x = matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
  const columns = await fitColumns(products, x);
  const weights = isWeighted ? Float64Array.from(data.weights) : null;
  return {
    columns,
    fits: openMlpFits(backend, columns),
    task: { labels: Int32Array.from(labels), classes, weights },
  };
};

const identity = (size: number): Matrix =>
  matrix(
    size,
    size,
    Float64Array.from({ length: size * size }, (_, at) => Number(at % (size + 1) === 0)),
  );

describe('the objective of the perceptron against numpy', () => {
  for (const [name, data] of Object.entries(cases)) {
    for (const kind of ['plain', 'weighted', 'weighted, only scaled'] as const) {
      it(`has the value and the gradient of ${name} classes, ${kind}`, async () => {
        const isWeighted = kind !== 'plain';
        const { columns, fits, task } = await openCase(data, isWeighted);
        const same = async (a: Matrix) => a;
        const { columns: dimensions } = columns.centred;
        // Columns that are too many to whiten have a diagonal instead of a matrix.
        const inverse =
          kind === 'weighted, only scaled'
            ? matrix(dimensions, 1, new Float64Array(dimensions).fill(1))
            : identity(dimensions);
        const whitening = { inverse, interceptScale: 1, whiten: same, unwhiten: same };
        const objective = fits.evaluate({ columns, c: data.c, whitening }, task);
        const { value, gradient } = await objective(Float64Array.from(data.point));
        await fits.dispose();
        const expected = isWeighted ? data.weighted : data.plain;
        expect(value).toBeCloseTo(expected.value, 4);
        expect(gradient).toHaveLength(expected.gradient.length);
        const apart = expected.gradient.map((each, i) => Math.abs(gradient[i] - each));
        expect(apart.filter((distance) => !(distance < 1e-5))).toEqual([]);
      });
    }

    it(`is the same in whitened coordinates for ${name} classes`, async () => {
      const { columns, fits, task } = await openCase(data, false);
      const penalised = await penalise(products, columns, data.c);
      const { whitening } = penalised;
      const size = columns.centred.columns * HIDDEN;
      const v = matrix(columns.centred.columns, HIDDEN, Float64Array.from(data.point.slice(0, size)));
      const point = Float64Array.from(data.point);
      point.set(scaled(await whitening.whiten(v), whitening.interceptScale).data);
      const { value, gradient } = await fits.evaluate(penalised, task)(point);
      await fits.dispose();
      expect(value).toBeCloseTo(data.plain.value, 4);
      // The same change of the objective along any direction of U as along that of V which it stands for.
      const random = openStream(2, 'direction');
      const u = matrix(
        v.rows,
        HIDDEN,
        Float64Array.from({ length: size }, () => random.gaussian()),
      );
      const along = (await whitening.unwhiten(scaled(u, 1 / whitening.interceptScale))).data;
      const slope = (direction: Float64Array, of: ArrayLike<number>) =>
        direction.reduce((sum, step, i) => sum + step * of[i], 0);
      const expected = slope(along, data.plain.gradient);
      expect(Math.abs(expected)).toBeGreaterThan(0.1);
      expect(slope(u.data, gradient)).toBeCloseTo(expected, 4);
    });
  }
});

describe('heStart', () => {
  it('has weights of variance 2 / inputs and biases of 0', () => {
    const { hidden, thresholds, weights, intercept } = heStart(200, 10, 3);
    const variance = (values: Float64Array) =>
      values.reduce((sum, value) => sum + value * value, 0) / values.length;
    // Of 12,800 and 640 normal values: within 4 standard errors.
    expect(Math.abs((variance(hidden.data) * 200) / 2 - 1)).toBeLessThan(0.05);
    expect(Math.abs((variance(weights.data) * HIDDEN) / 2 - 1)).toBeLessThan(0.23);
    expect([...thresholds, ...intercept].every((value) => value === 0)).toBe(true);
    expect(heStart(200, 10, 3)).toEqual(heStart(200, 10, 3));
    expect(heStart(200, 10, 4).hidden).not.toEqual(hidden);
  });
});

describe('mlpScores', () => {
  it('are the logits of each model without its intercept', async () => {
    const model = (slope: number) => ({
      hidden: matrix(1, HIDDEN, new Float64Array(HIDDEN).fill(slope)),
      thresholds: new Float64Array(HIDDEN).fill(-1),
      weights: matrix(
        HIDDEN,
        2,
        Float64Array.from({ length: 2 * HIDDEN }, (_, at) => (at % 2) - 0.5),
      ),
      intercept: Float64Array.of(7, 7),
    });
    const { scores, starts } = await mlpScores(products, matrix(2, 1, Float64Array.of(3, -3)), [
      model(1),
      model(-1),
    ]);
    expect(starts).toEqual([0, 2]);
    // 64 units of relu(3 - 1) = 2, times -1/2 and 1/2; for the other sign of x every unit is off.
    expect([...scores.data]).toEqual([-64, 64, 0, 0, 0, 0, -64, 64]);
  });
});

describe('the probe by perceptron', () => {
  /** Four clouds: the class is 1 where exactly one of the coordinates is positive. */
  const clouds = (count: number, purpose: string): { set: Matrix; labels: Int32Array } => {
    const random = openStream(8, purpose);
    const set = matrix(count, 2);
    const labels = Int32Array.from({ length: count }, (_, i) => {
      const signs = [random.sign(), random.sign()];
      // On scales of their own, away from 0.
      set.data[2 * i] = 40 + 10 * (signs[0] + 0.3 * random.gaussian());
      set.data[2 * i + 1] = 0.1 * (signs[1] + 0.3 * random.gaussian());
      return Number(signs[0] !== signs[1]);
    });
    return { set, labels };
  };
  const train = clouds(200, 'train');
  const test = clouds(100, 'test');
  const named = (name: string, labels: Int32Array) => ({ name, labels, groups: null });
  const xor: ProbeTask = {
    name: 'xor',
    factor: 'label',
    seed: 1,
    classes: 2,
    train: { labels: train.labels, weights: null },
    shuffles: [0, 1, 2].map((draw) => ({ labels: shuffled(train.labels, 1, draw), weights: null })),
    trainGroups: null,
    ranking: {
      on: 'train',
      set: named('train', train.labels),
      weights: null,
      count: 5,
      folds: stratifiedFolds(train.labels, 5),
    },
    sets: [named('test', test.labels)],
  };
  const probe = async (task: ProbeTask, method: 'mlp' | 'logistic-standardised' = 'mlp'): Promise<Probe> => {
    const splits = { train: train.set, validation: test.set, tests: [test.set] };
    const [found] = await probeLayer(splits, { tasks: [task], regressions: [] }, [method], {
      backend,
      products,
    });
    return found;
  };
  const outcomesOf = ({ outcomes, samples }: Evaluation) => [...unpackOutcomes(outcomes!, samples)];

  it('reads an exclusive or, which a linear probe cannot', async () => {
    const linear = await probe(xor, 'logistic-standardised');
    const found = await probe(xor);
    expect(linear.evaluations[0].accuracy).toBeLessThan(0.8);
    expect(linear.outOfFold!.information!.value).toBeLessThan(0.1);
    expect(found.evaluations[0].accuracy).toBeGreaterThan(0.97);
    expect(found.outOfFold!.accuracy).toBeGreaterThan(0.97);
    expect(found.outOfFold!.information!.value).toBeGreaterThan(0.8);
    expect(found.outOfFold).toMatchObject({ on: 'train', folds: 5, samples: 200 });
    expect(Math.abs(found.shuffledNull.accuracy! - 0.5)).toBeLessThan(0.2);
    expect(found.note).toBeUndefined();
  });

  it('depends on the seed alone', async () => {
    const found = await probe(xor);
    expect(await probe(xor)).toEqual(found);
    const { information } = (await probe({ ...xor, seed: 2 })).outOfFold!;
    expect(information).not.toEqual(found.outOfFold!.information);
  });

  it('does not see the labels of a fold that it predicts', async () => {
    // One cloud each: the three others lead to expect the wrong class of it.
    const folds = Int32Array.from(
      train.labels,
      (_, i) => Number(train.set.data[2 * i] > 40) + 2 * Number(train.set.data[2 * i + 1] > 0),
    );
    const ranking = { ...xor.ranking!, count: 4, folds } as ProbeTask['ranking'];
    const { outOfFold } = await probe({ ...xor, ranking });
    expect(outOfFold!.accuracy).toBeLessThan(0.2);
  });

  it('counts samples by their weights', async () => {
    // Only the samples with a negative second coordinate count: there the class is the sign of the first one.
    const weights = Float64Array.from(train.labels, (_, i) => (train.set.data[2 * i + 1] < 0 ? 2 : 0));
    const weighted = await probe({ ...xor, train: { ...xor.train, weights } });
    const hits = outcomesOf(weighted.evaluations[0]);
    const half = (sign: number) => hits.filter((_, i) => sign * test.set.data[2 * i + 1] > 0);
    expect(half(-1).filter((hit) => hit === 0)).toEqual([]);
    expect(half(1).filter((hit) => hit === 1).length).toBeLessThan(0.8 * half(1).length);
    // Weights change what the probabilities are of.
    expect(weighted.outOfFold!.information).toBeUndefined();
  });

  it('predicts held out samples by the fit of the whole training split', async () => {
    const ranking = { on: 'validation', weights: null, set: named('validation', test.labels) } as const;
    const { outOfFold, evaluations } = await probe({ ...xor, ranking });
    expect(outOfFold).toMatchObject({ on: 'validation', folds: 0, samples: 100 });
    expect(outOfFold!.outcomes).toBe(evaluations[0].outcomes);
    expect(outOfFold!.accuracy).toBeGreaterThan(0.97);
  });

  it('has no probe of one class', async () => {
    const labels = new Int32Array(200);
    const { note, evaluations } = await probe({ ...xor, classes: 1, train: { labels, weights: null } });
    expect([note, evaluations]).toEqual(['the training split has a single class', []]);
  });

  it('gives constant columns no say', async () => {
    const constant = (set: Matrix): Matrix =>
      matrix(
        set.rows,
        3,
        Float64Array.from({ length: set.rows * 3 }, (_, at) =>
          at % 3 === 2 ? 5 : set.data[2 * Math.floor(at / 3) + (at % 3)],
        ),
      );
    const splits = { train: constant(train.set), validation: null, tests: [constant(test.set)] };
    const [found] = await probeLayer(splits, { tasks: [xor], regressions: [] }, ['mlp'], {
      backend,
      products,
    });
    expect(found).toEqual(await probe(xor));
  });
});
