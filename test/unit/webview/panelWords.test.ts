import { describe, expect, it } from 'vitest';
import type { PanelRun, Recommendation } from '../../../src/protocol/index.ts';
import { failureText } from '../../../webview/panel/failureText.ts';
import { comparedNames, layerWords, sampleWords, stateLabel } from '../../../webview/panel/words.ts';
import { inventedImageReport } from './inventedReport.ts';

const { analysis, recommendations } = inventedImageReport();
const run = (changes: Partial<PanelRun> = {}): PanelRun => ({
  run: 'file:///runs/demo',
  state: 'last',
  name: 'demo',
  settings: '',
  analysis,
  probed: true,
  recommendations: [],
  selections: [],
  analysed: [
    { state: 'epoch-0003', label: 'Epoch 3' },
    { state: 'last', label: 'Latest' },
  ],
  ...changes,
});
const advice = (task: string, layer: string, verdict: Recommendation['verdict']): Recommendation => ({
  ...recommendations[0],
  task,
  verdict,
  recommended: { ...recommendations[0].recommended, layer },
});

describe('the words over a panel', () => {
  it.each([
    [1000, 12, '1,000 test samples, epoch 12'],
    [1, 1, '1 test sample, epoch 1'],
    [0, 1200, 'exact moments, no samples, epoch 1,200'],
    [50, 0, '50 test samples, before training'],
  ])('count %d samples at epoch %d', (test, epoch, words) => {
    expect(sampleWords({ ...analysis, epoch, samples: { train: 5, test } })).toBe(words);
  });

  it('name the selected and the recommended layers with an icon each', () => {
    const words = layerWords(
      run({
        selections: [
          { layer: 'conv3', task: 'digit', chosenAt: '2026-01-01T00:00:00Z' },
          { layer: 'conv1', task: null, chosenAt: '2026-01-01T00:00:00Z' },
        ],
        recommendations: [
          advice('digit', 'pool', 'clear'),
          advice('clothes', 'conv1', 'no clear winner'),
          { ...advice('superclass', 'conv2', 'clear'), unbeaten: ['raw input'] },
        ],
      }),
    );
    expect(words).toEqual([
      '✓ Selected for digit: conv3',
      '✓ Selected: conv1',
      '★ Recommended for digit: pool',
      '★ Highest for clothes: conv1 (no clear winner)',
      '★ Highest for superclass: conv2 (does not beat the raw input)',
    ]);
  });

  it('say why nothing is recommended when no task was probed, and only then', () => {
    expect(layerWords(run({ probed: false }))).toEqual([
      'No recommendation, because no downstream task was probed.',
    ]);
    expect(layerWords(run())).toEqual([]);
  });

  it('tell two compared runs apart as A and B, and two states of one by their epochs', () => {
    expect(comparedNames(run(), run({ name: 'other' }))).toEqual(['A: demo', 'B: other']);
    const early = run({ state: 'epoch-0003' });
    expect(comparedNames(early, run())).toEqual(['A: demo, Epoch 3', 'B: demo, Latest']);
    expect(comparedNames(run(), run())).toEqual(['A: demo, Latest', 'B: demo, Latest']);
  });

  it('fall back to the name of a checkpoint that the list lacks', () => {
    expect(stateLabel(run({ state: 'epoch-0007' }))).toBe('epoch-0007');
  });
});

describe('what a failure says', () => {
  it.each<[unknown, string]>([
    [new Error('no such\n  layer'), 'no such layer'],
    [{ message: 'the host refused' }, 'the host refused'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [new Error(''), 'Error'],
  ])('of %s', (reason, text) => {
    expect(failureText(reason)).toBe(text);
  });
});
