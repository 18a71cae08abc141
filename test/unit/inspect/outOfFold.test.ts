import { afterAll, describe, expect, it } from 'vitest';
import { openStream, type RandomStream } from '../../../src/data/index.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { foldsOf } from '../../../src/inspect/probes/fitTasks.ts';
import { stratifiedFolds } from '../../../src/inspect/probes/folds.ts';
import { fitLogistic, penalise } from '../../../src/inspect/probes/logistic.ts';
import { predictAll } from '../../../src/inspect/probes/logisticScores.ts';
import { probeLayer } from '../../../src/inspect/probes/probeLayer.ts';
import { centring, fitStandardisation, standardise } from '../../../src/inspect/probes/standardisation.ts';
import type { ProbeTask } from '../../../src/inspect/probes/task.ts';
import { fitColumns } from '../../../src/inspect/probes/whitening.ts';
import { type ProbeMethod, unpackOutcomes } from '../../../src/protocol/index.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { type Matrix, matrix } from '../../../src/spectrum/index.ts';

const backend = await openBackend('native', { threads: 1 });
const products = new Products(backend);
afterAll(() => products.dispose());

const noise = (samples: number, dimensions: number, random: RandomStream): Matrix => {
  const rows = matrix(samples, dimensions);
  for (let at = 0; at < rows.data.length; at++) rows.data[at] = random.uniform();
  return rows;
};

/** The classes in turn, ranked by five folds. */
const inTurn = (samples: number, classes: number) => {
  const labels = Int32Array.from({ length: samples }, (_, i) => i % classes);
  const folds = stratifiedFolds(labels, 5);
  const set = { name: 'train', labels, groups: null };
  const task: ProbeTask = {
    name: 'task',
    factor: 'label',
    seed: 1,
    classes,
    train: { labels, weights: null },
    shuffles: [],
    trainGroups: null,
    ranking: { on: 'train', set, weights: null, count: 5, folds },
    sets: [{ ...set, name: 'test' }],
  };
  return { labels, folds, task };
};

const probe = (rows: Matrix, task: ProbeTask, methods: readonly ProbeMethod[]) =>
  probeLayer({ train: rows, validation: null, tests: [rows] }, { tasks: [task], regressions: [] }, methods, {
    backend,
    products,
  });

describe('logistic probes out of fold', () => {
  it.each([
    { samples: 2000, dimensions: 120, classes: 10 },
    // More than samples, and more than the whole Hessian is used for.
    { samples: 400, dimensions: 1700, classes: 10 },
    { samples: 1700, dimensions: 1600, classes: 2 },
  ])(
    'predict as fits to the end do, within one sample in a thousand: $samples x $dimensions',
    async ({ samples, dimensions, classes }) => {
      const { labels, folds, task } = inTurn(samples, classes);
      const rows = noise(samples, dimensions, openStream(5, 'rows'));
      // Classes that overlap, so that many samples are close to a border; later columns matter less.
      rows.data.forEach((value, at) => {
        rows.data[at] = 3 * value * (1 + (at % dimensions)) ** -0.6;
      });
      for (let i = 0; i < samples; i++) rows.data[i * dimensions + labels[i]] += 0.5;
      const [{ outOfFold, c }] = await probe(rows, task, ['logistic-raw']);
      const columns = await fitColumns(products, standardise(rows, centring(fitStandardisation(rows))));
      const exact = await fitLogistic(backend, await penalise(products, columns, c!), foldsOf(task), {
        tolerance: 1e-14,
        maxIterations: 1000,
        precision: 'float64',
      });
      const predicted = await predictAll(products, columns.centred, exact);
      const right = (label: number, i: number) => Number(predicted[folds[i]][i] === label);
      const outcomes = unpackOutcomes(outOfFold!.outcomes!, samples);
      const others = [...labels].filter((label, i) => right(label, i) !== outcomes[i]).length;
      expect(others).toBeLessThanOrEqual(samples / 1000);
    },
  );

  it('find nothing in noise, however many dimensions it has', async () => {
    const { task } = inTurn(300, 3);
    const rows = noise(300, 4096, openStream(6, 'noise'));
    const probes = await probe(rows, task, ['logistic-standardised', 'logistic-raw']);
    for (const { outOfFold } of probes) {
      // A probe that had seen the samples of its fold would know them all: log2(3) bits.
      expect(outOfFold!.information!.value).toBeLessThan(0.05);
      expect(Math.abs(outOfFold!.accuracy! - 1 / 3)).toBeLessThan(0.1);
    }
  });
});
