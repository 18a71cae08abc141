import { describe, expect, it } from 'vitest';
import { stateOfEpoch } from '../../../src/protocol/index.ts';
import {
  epochOf,
  followEpochs,
  inspectedEpochs,
  pickEpoch,
} from '../../../webview/training/followedEpoch.ts';

const at = (...epochs: number[]) =>
  epochs.map((epoch) => ({ state: stateOfEpoch(epoch), label: `Epoch ${epoch}` }));
const START = { state: null, following: true };

describe('the inspected epoch that is shown', () => {
  it('is the newest until a person picks an earlier one', () => {
    const first = followEpochs(START, at(3));
    expect(first).toEqual({ state: 'epoch-0003', following: true });
    expect(followEpochs(first, at(3, 6)).state).toBe('epoch-0006');
    const picked = pickEpoch(at(3, 6), 0);
    expect(followEpochs(picked, at(3, 6, 9))).toEqual({ state: 'epoch-0003', following: false });
  });
  it('follows again from the last place', () => {
    const back = pickEpoch(at(3, 6), 1);
    expect(followEpochs(back, at(3, 6, 9)).state).toBe('epoch-0009');
  });
  it('is the newest when the one that was picked is gone, and none without any', () => {
    const picked = pickEpoch(at(3, 6), 0);
    expect(followEpochs(picked, at(6))).toEqual({ state: 'epoch-0006', following: true });
    expect(followEpochs(picked, [])).toEqual(START);
  });
});

describe('the epoch of a checkpoint', () => {
  it('is the one that its name was made from', () => {
    for (const epoch of [1, 12, 9999, 12_345]) expect(epochOf(stateOfEpoch(epoch))).toBe(epoch);
    expect(epochOf('last')).toBeNull();
    expect(inspectedEpochs([...at(3, 6), { state: 'last', label: 'Latest' }])).toEqual([3, 6]);
  });
});
