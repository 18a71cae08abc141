import { describe, expect, it } from 'vitest';
import { runProvenance } from '../../../webview/panel/provenance.ts';

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

  it('is the run alone while nothing is inspected, and no empty name', () => {
    expect(runProvenance('demo', null)).toBe('demo');
    expect(runProvenance('', analysis(10, 1))).toBe('n = 10 test samples, epoch 1');
  });
});
