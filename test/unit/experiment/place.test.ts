import { describe, expect, it } from 'vitest';
import { checkExperiment, offsetOfPointer } from '../../../src/experiment/index.ts';

const text = '{"loss": {"label": "class"}, "a/b~c": [10, {"0": 20}]}';

describe('offsetOfPointer', () => {
  it.each([
    ['', '{"loss"'],
    ['/loss', '{"label"'],
    ['/loss/label', '"class"'],
    ['/a~1b~0c/0', '10'],
    ['/a~1b~0c/1/0', '20'],
    ['/loss/weight', '{"label"'],
    ['/loss/label/deeper', '"class"'],
    ['/a~1b~0c/', '[10'],
    ['/missing/0', '{"loss"'],
  ])('finds %j, or what encloses it', (pointer, start) => {
    expect(offsetOfPointer(text, pointer)).toBe(text.indexOf(start));
  });

  it('finds nothing in a text that is not JSON', () => {
    expect(offsetOfPointer('{"loss": ', '/loss')).toBeNull();
  });
});

describe('source of a problem', () => {
  const experiment = {
    name: 'small',
    data: { kind: 'synthetic', strengths: [1, 2] },
    augmentation: [],
    encoder: { kind: 'linear', widths: [2] },
    loss: { kind: 'spectral' },
    optimiser: { kind: 'sgd', learningRate: 0.1 },
    epochs: 3,
  };
  const sources = (source: string) => checkExperiment(source).problems.map((problem) => problem.source);

  it('is the grammar, the schema or a rule', () => {
    expect(sources('{')).toEqual(['syntax']);
    expect(sources(JSON.stringify({ ...experiment, epochs: 0 }))).toEqual(['schema']);
    expect(sources(JSON.stringify({ ...experiment, batchSize: 1 }))).toEqual(['rule']);
    expect(sources(JSON.stringify(experiment))).toEqual([]);
  });
});
