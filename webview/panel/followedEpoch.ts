import type { AnalysedCheckpoint } from '../../src/protocol/index.ts';

/** The inspected epoch that is currently shown. */
export interface FollowedEpoch {
  /** Null while no epoch is inspected. */
  readonly checkpoint: string | null;
  /** Whether it is the newest and will be replaced by the next, which is so until the user picks an earlier one. */
  readonly following: boolean;
}

const newest = (inspected: readonly AnalysedCheckpoint[]): FollowedEpoch => ({
  checkpoint: inspected.at(-1)?.checkpoint ?? null,
  following: true,
});

/** What is shown once `inspected` are available. */
export const followEpochs = (
  shown: FollowedEpoch,
  inspected: readonly AnalysedCheckpoint[],
): FollowedEpoch => {
  const there = inspected.some(({ checkpoint }) => checkpoint === shown.checkpoint);
  return shown.following || !there ? newest(inspected) : shown;
};

/** What is shown after the user moved to `index`; the last index follows again. */
export const pickEpoch = (inspected: readonly AnalysedCheckpoint[], index: number): FollowedEpoch =>
  index >= inspected.length - 1
    ? newest(inspected)
    : { checkpoint: inspected[Math.max(0, index)].checkpoint, following: false };

/** The epoch in the name of a checkpoint, as created by the protocol's `checkpointOfEpoch`; null for the newest state. */
export const epochOf = (checkpoint: string): number | null => {
  const digits = /^epoch-(\d+)$/.exec(checkpoint)?.[1];
  return digits === undefined ? null : Number(digits);
};

export const inspectedEpochs = (inspected: readonly AnalysedCheckpoint[]): readonly number[] =>
  inspected.flatMap(({ checkpoint }) => epochOf(checkpoint) ?? []);
