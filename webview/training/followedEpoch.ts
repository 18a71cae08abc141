import type { AnalysedState } from '../../src/protocol/messages.ts';

/** The inspected epoch that is currently shown. */
export interface FollowedEpoch {
  /** Null while no epoch is inspected. */
  readonly state: string | null;
  /** Whether it is the newest and will be replaced by the next, which is so until the user picks an earlier one. */
  readonly following: boolean;
}

const newest = (inspected: readonly AnalysedState[]): FollowedEpoch => ({
  state: inspected.at(-1)?.state ?? null,
  following: true,
});

/** What is shown once `inspected` are available. */
export const followEpochs = (shown: FollowedEpoch, inspected: readonly AnalysedState[]): FollowedEpoch => {
  const there = inspected.some(({ state }) => state === shown.state);
  return shown.following || !there ? newest(inspected) : shown;
};

/** What is shown after the user moved to `index`; the last index follows again. */
export const pickEpoch = (inspected: readonly AnalysedState[], index: number): FollowedEpoch =>
  index >= inspected.length - 1
    ? newest(inspected)
    : { state: inspected[Math.max(0, index)].state, following: false };

/** The epoch in the name of a state, as created by the protocol's `stateOfEpoch`; null for the newest state. */
export const epochOf = (state: string): number | null => {
  const digits = /^epoch-(\d+)$/.exec(state)?.[1];
  return digits === undefined ? null : Number(digits);
};

export const inspectedEpochs = (inspected: readonly AnalysedState[]): readonly number[] =>
  inspected.flatMap(({ state }) => epochOf(state) ?? []);
