import { describe, expect, it } from 'vitest';
import {
  experimentActions,
  experimentName,
  percentDone,
} from '../../../extension/inline/experimentActions.ts';
import type { LiveTraining } from '../../../src/protocol/index.ts';

const run = (uri: string, name: string | null, states: string[], analysed: string[] = []) => ({
  uri,
  record: name === null ? null : { name },
  states,
  analysed,
});

const training = (state: LiveTraining['state']): LiveTraining => ({
  run: 'file:///new',
  name: 'digits-seed0',
  state,
  failure: null,
  backend: 'cpu',
  epochs: 2,
  step: 599,
  totalSteps: 1000,
  samplesPerSecond: null,
  secondsLeft: null,
  inspected: [],
});

const newest = run('file:///new', 'digits', ['last']);
const older = run('file:///old', 'digits', ['last'], ['last']);
const other = run('file:///other', 'faces', ['last'], ['last']);
const damaged = run('file:///damaged', null, []);

describe('experimentActions', () => {
  it('offers only training when the experiment has no run', () => {
    expect(experimentActions('digits', [other, damaged], null, true)).toEqual([{ kind: 'train' }]);
  });

  it('inspects the newest run and shows the newest results', () => {
    expect(experimentActions('digits', [other, newest, older], null, true)).toEqual([
      { kind: 'train' },
      { kind: 'inspect', run: newest },
      { kind: 'results', run: older },
    ]);
    expect(experimentActions('digits', [newest], null, true)).toEqual([
      { kind: 'train' },
      { kind: 'inspect', run: newest },
    ]);
  });

  it('does not inspect a run without a saved state', () => {
    const begun = run('file:///begun', 'digits', []);
    expect(experimentActions('digits', [begun], null, true)).toEqual([{ kind: 'train' }]);
  });

  it('shows a training in progress in place of Train, and does not inspect its run', () => {
    expect(experimentActions('digits', [newest, older], training('running'), true)).toEqual([
      { kind: 'training', name: 'digits-seed0', percent: 59, paused: false },
      { kind: 'inspect', run: older },
      { kind: 'results', run: older },
    ]);
    expect(experimentActions('faces', [], training('paused'), true)).toEqual([
      { kind: 'training', name: 'digits-seed0', percent: 59, paused: true },
    ]);
  });

  it('does not offer training in a workspace that is not trusted', () => {
    expect(experimentActions('digits', [older], null, false).map(({ kind }) => kind)).toEqual([
      'inspect',
      'results',
    ]);
  });

  it('takes a damaged run for none of a nameless experiment', () => {
    expect(experimentActions(undefined, [damaged, newest], null, true)).toEqual([{ kind: 'train' }]);
  });
});

describe('experimentName', () => {
  it.each([
    ['{"downstream": [{"name": "task"}], "name": "digits"}', 'digits'],
    ['{\n  "name": "digits",\n  "epochs": \n', 'digits'],
    ['{"name": 3}', undefined],
    ['{"name": "dig', undefined],
    ['null', undefined],
    ['', undefined],
  ])('in %j is %j', (text, name) => {
    expect(experimentName(text)).toBe(name);
  });
});

describe('percentDone', () => {
  it('is whole, rounded down, and 0 while nothing is known', () => {
    expect(percentDone({ step: 0, totalSteps: 0 })).toBe(0);
    expect(percentDone({ step: 999, totalSteps: 1000 })).toBe(99);
    expect(percentDone({ step: 1000, totalSteps: 1000 })).toBe(100);
  });
});

describe('the name of an experiment', () => {
  it('is not looked for in a text that is too large for one', () => {
    const named = (space: number): string => `{"name": "demo"${' '.repeat(space)}}`;
    expect(experimentName(named(10))).toBe('demo');
    expect(experimentName(named(2 ** 20))).toBeUndefined();
  });
});
