import { describe, expect, it } from 'vitest';
import { experimentPlace, shownProblems, underlined } from '../../../extension/inline/experimentProblems.ts';

const part = (text: string, from: string): string =>
  text.slice(...(underlined(text, text.indexOf(from)) as [number, number]));

describe('underlined', () => {
  it.each([
    ['{"epochs": 1.5,', '1.5', '1.5'],
    ['{"epochs": -3e2}', '-3', '-3e2'],
    ['{"epochs": true}', 'true', 'true'],
    ['{"epoch": 3}', '"epoch', '"epoch"'],
    ['{"name": "a \\"b\\", c"}', '"a', '"a \\"b\\", c"'],
    ['{"name": "open\n}', '"open', '"open'],
    ['{"widths": [1, [2]], "b": 1}', '[1', '[1, [2]]'],
    ['{"loss": {"label": "}"}}', '{"label', '{"label": "}"}'],
    ['{\n  "loss": {\n  }\n}', '{\n  }', '{'],
    ['{"a": 1,}', ',}', ','],
  ])('in %j at %j is %j', (text, from, expected) => {
    expect(part(text, from)).toBe(expected);
  });

  it('is the last character at the end of the text', () => {
    expect(underlined('{"a": 1', 7)).toEqual([6, 7]);
    expect(underlined('', 0)).toEqual([0, 0]);
  });
});

describe('shownProblems', () => {
  const problem = (source: 'syntax' | 'schema' | 'rule', line: number) => ({
    source,
    line,
    offset: 0,
    column: 1,
    pointer: '',
    what: 'is wrong',
    remedy: 'Mend it',
  });
  const schema = [problem('schema', 2), problem('schema', 5)];
  const rules = [problem('rule', 2), problem('rule', 3)];

  it('leaves the schema to the JSON support while typing', () => {
    expect(shownProblems(schema, false, new Set())).toEqual([]);
    expect(shownProblems([problem('syntax', 1)], false, new Set())).toEqual([]);
  });

  it('shows all on demand, except where something is reported already', () => {
    expect(shownProblems(schema, true, new Set())).toEqual(schema);
    expect(shownProblems(schema, true, new Set([2]))).toEqual([schema[1]]);
  });

  it('always shows rules: nothing else reports them', () => {
    expect(shownProblems(rules, false, new Set([2, 3]))).toEqual(rules);
    expect(shownProblems(rules, true, new Set([2, 3]))).toEqual(rules);
  });
});

describe('experimentPlace', () => {
  it.each([
    ['/home/me/a b/x.experiment.json /loss/label', '/home/me/a b/x.experiment.json', '/loss/label'],
    ['C:\\work\\x.experiment.json /data', 'C:\\work\\x.experiment.json', '/data'],
    ['runs/x.experiment.json:3:14 /data/train', 'runs/x.experiment.json', '/data/train'],
    ['/a.experiment.json /b.experiment.json /data', '/a.experiment.json /b.experiment.json', '/data'],
  ])('reads %j', (where, file, pointer) => {
    expect(experimentPlace(where)).toEqual({ file, pointer });
  });

  it.each(['', 'x.experiment.json', 'x.experiment.json:3:14', '/loss/label', 'labels.idx /loss'])(
    'finds no place in %j',
    (where) => {
      expect(experimentPlace(where)).toBeNull();
    },
  );
});
