import { describe, expect, it } from 'vitest';
import { type DataSet, loadData } from '../../../src/data/index.ts';
import { makeExperiment } from './makeExperiment.ts';

const asked = (task: object, seed = 5) =>
  makeExperiment({
    seed,
    data: { kind: 'digits-on-clothes', train: 20, test: 31 },
    shifts: [{ name: 'faint', strength: 0.2 }],
    downstream: [{ name: 'task', factor: 'digit', ...task }],
  });

const rowsOf = (dataSet: DataSet): string[] =>
  Array.from({ length: dataSet.size }, (_, at) => [...dataSet.read(at, at + 1).data].join());

describe('samples of a task of its own', () => {
  it('are the two halves of a split or a shift, each sample once', async () => {
    for (const split of ['test', 'faint']) {
      const data = await loadData(asked({ split }), '.');
      const whole = split === 'test' ? data.test : data.shifts[0];
      const { train, test } = data.taskData.get('task')!;
      expect([train.size, test.size, test.name]).toEqual([15, 16, 'test']);
      expect([...rowsOf(train), ...rowsOf(test)].sort()).toEqual(rowsOf(whole).sort());
    }
  });

  it('keep samples with the same value of a factor in one half', async () => {
    const data = await loadData(asked({ split: 'test', together: 'clothes' }), '.');
    const { train, test } = data.taskData.get('task')!;
    const values = (set: DataSet) => {
      const factor = set.factors.find(({ name }) => name === 'clothes')!;
      return [...new Set(factor.values)];
    };
    expect(train.size + test.size).toBe(31);
    expect(Math.min(train.size, test.size)).toBeGreaterThan(10);
    expect(values(train).filter((value) => values(test).includes(value))).toEqual([]);
  });

  it('follow the seed', async () => {
    const labelled = async (seed: number) => {
      const { taskData } = await loadData(asked({ split: 'test' }, seed), '.');
      return [...taskData.get('task')!.train.factors[0].values];
    };
    expect(await labelled(1)).toEqual(await labelled(1));
    expect(await labelled(1)).not.toEqual(await labelled(2));
  });

  it('refuse options for classes where the factor is continuous', async () => {
    const continuous = (task: object) =>
      loadData(
        makeExperiment({
          data: { kind: 'synthetic', strengths: [1, 2], train: 20, test: 20 },
          encoder: { kind: 'linear', widths: [2] },
          loss: { kind: 'spectral' },
          augmentation: [],
          downstream: [{ name: 'task', factor: 'feature-1', ...task }],
        }),
        '.',
      );
    await expect(continuous({ balance: 'classes' })).rejects.toThrow(
      '/downstream/0/balance: is for accuracies, and "feature-1" is continuous',
    );
    await expect(continuous({ groups: ['feature-2'] })).rejects.toThrow(
      '/downstream/0/groups: is for accuracies',
    );
    expect((await continuous({ together: 'feature-2' })).train.size).toBe(20);
  });

  it('are none for a task that names none', async () => {
    expect((await loadData(asked({}), '.')).taskData.size).toBe(0);
  });
});
