import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/protocol/index.ts';
import { runProvenance, runsProvenance } from '../../../webview/panel/provenance.ts';

const analysis = (test: number, epoch: number) => ({ samples: { train: 4000, test }, epoch });

describe('what a figure was made from', () => {
  it('is the run, the number of its samples, and the epoch', () => {
    expect(runProvenance('demo', analysis(1000, 12))).toBe('demo, n = 1,000 test samples, epoch 12');
    expect(runProvenance('demo', analysis(1, 0))).toBe('demo, n = 1 test sample, before training');
  });

  it('says that exact moments have no samples', () => {
    expect(runProvenance('linear', analysis(0, 0))).toBe(
      'linear, exact moments, no samples, before training',
    );
  });

  it('names runs of the same samples together', () => {
    const run = (name: string, epoch: number) => ({ name, analysis: analysis(10, epoch) as Analysis });
    expect(runsProvenance([run('a', 2), run('b', 2), run('c', 2)])).toBe(
      'a, b, c, n = 10 test samples, epoch 2',
    );
    expect(runsProvenance([run('a', 1), run('a', 2)])).toBe(
      'a, n = 10 test samples, epoch 1; a, n = 10 test samples, epoch 2',
    );
  });

  it('is the run alone while nothing is inspected, and no empty name', () => {
    expect(runProvenance('demo', null)).toBe('demo');
    expect(runProvenance('', analysis(10, 1))).toBe('n = 10 test samples, epoch 1');
  });
});
