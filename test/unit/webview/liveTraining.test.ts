import { describe, expect, it } from 'vitest';
import type { LiveTraining, Metric } from '../../../src/protocol/index.ts';
import {
  actionsOf,
  appendMetrics,
  formatWait,
  spokenLine,
  stateLine,
} from '../../../webview/training/liveTraining.ts';

const training = (changes: Partial<LiveTraining> = {}): LiveTraining => ({
  run: 'file:///runs/demo',
  name: 'demo',
  state: 'running',
  failure: null,
  backend: 'native',
  epochs: 12,
  step: 250,
  totalSteps: 1200,
  samplesPerSecond: 1240.3,
  secondsLeft: 118,
  inspected: [],
  ...changes,
});
const EPOCH_3 = { state: 'epoch-0003', label: 'Epoch 3' };

describe('the state line', () => {
  it.each<[string, Partial<LiveTraining>]>([
    ['Running epoch 3 of 12 · 1,240 samples/s · 2 min left', {}],
    ['Running epoch 1 of 12', { step: 0, samplesPerSecond: null, secondsLeft: null }],
    ['Running epoch 3 of 12', { step: 200, samplesPerSecond: null, secondsLeft: null }],
    ['Running epoch 12 of 12 · 1.2 samples/s', { step: 1200, samplesPerSecond: 1.23, secondsLeft: null }],
    ['Preparing data and model', { state: 'preparing', step: 0, totalSteps: 0, epochs: 0 }],
    ['Inspecting after epoch 3 of 12', { state: 'inspecting', step: 300 }],
    // The last metric came before the last step of the epoch.
    ['Inspecting after epoch 3 of 12', { state: 'inspecting', step: 295 }],
    ['Paused in epoch 3 of 12', { state: 'paused' }],
    ['Cancelling in epoch 3 of 12', { state: 'cancelling' }],
    ['Cancelled while preparing', { state: 'cancelled', step: 0, totalSteps: 0, epochs: 0 }],
    ['Finished after 12 epochs', { state: 'finished', step: 1200 }],
    ['Finished after 1 epoch', { state: 'finished', step: 100, totalSteps: 100, epochs: 1 }],
    ['Failed in epoch 3 of 12: the disk is full', { state: 'failed', failure: 'the disk is full' }],
    ['Failed while preparing', { state: 'failed', step: 0, totalSteps: 0 }],
  ])('says "%s"', (line, changes) => {
    expect(stateLine(training(changes))).toBe(line);
  });

  it.each([
    [0, '1 s'],
    [12.4, '12 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [89, '1 min'],
    [91, '2 min'],
    [3569, '59 min'],
    [3571, '1 h'],
    [4800, '1 h 20 min'],
    [90_000, '25 h'],
  ])('rounds %d s to %s', (seconds, words) => {
    expect(formatWait(seconds)).toBe(words);
  });
});

describe('what is said aloud', () => {
  it('is a change of state, without numbers that move', () => {
    expect(spokenLine(null, training())).toBe('Running epoch 3 of 12.');
    expect(spokenLine(training(), training({ state: 'paused' }))).toBe('Paused in epoch 3 of 12.');
  });
  it('is an epoch that was inspected', () => {
    const inspecting = training({ state: 'inspecting' });
    expect(spokenLine(inspecting, training({ inspected: [EPOCH_3] }))).toBe('Epoch 3 inspected.');
  });
  it('is nothing while only the numbers move', () => {
    expect(spokenLine(training(), training({ step: 260, secondsLeft: 100 }))).toBeNull();
    expect(spokenLine(training(), null)).toBeNull();
  });
});

describe('the actions', () => {
  it.each<[LiveTraining['state'], string[]]>([
    ['preparing', ['cancel']],
    ['running', ['pause', 'cancel']],
    ['inspecting', ['pause', 'cancel']],
    ['paused', ['continue', 'cancel']],
    ['cancelling', []],
    ['finished', ['openSpectra', 'newExperiment']],
    ['cancelled', ['resume', 'openSpectra', 'newExperiment']],
    ['failed', ['resume', 'showLog', 'newExperiment']],
  ])('of a training that is %s', (state, actions) => {
    expect(actionsOf(training({ state, inspected: [EPOCH_3] }))).toEqual(actions);
  });
  it('offer no spectra when nothing was inspected, and one way to begin when nothing was trained', () => {
    expect(actionsOf(training({ state: 'finished' }))).toEqual(['newExperiment']);
    expect(actionsOf(null)).toEqual(['newExperiment']);
  });
});

describe('metrics that come in', () => {
  const metric = (step: number, loss = 1): Metric => ({ step, epoch: 0, loss, learningRate: 0.1 });
  it('follow those that are there', () => {
    expect(appendMetrics([metric(1)], [metric(2), metric(3)]).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(appendMetrics([metric(1)], [])).toEqual([metric(1)]);
  });
  it('take the place of steps that are trained again', () => {
    const resumed = appendMetrics([metric(1), metric(2), metric(3)], [metric(2, 9)]);
    expect(resumed).toEqual([metric(1), metric(2, 9)]);
  });
  it('may go back in the middle of what came', () => {
    const added = [metric(3), metric(4), metric(2, 9), metric(3, 9)];
    expect(appendMetrics([metric(1), metric(2)], added)).toEqual([metric(1), metric(2, 9), metric(3, 9)]);
  });
});
