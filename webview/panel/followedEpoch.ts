import type { AnalysedCheckpoint } from '../../src/protocol/index.ts';

/** The inspected epoch that is shown. */
export interface FollowedEpoch {
  /** Null while no epoch is inspected. */
  readonly checkpoint: string | null;
  /** Whether it is the newest and gives way to the next; it does until a person picks an earlier one. */
  readonly following: boolean;
}

const newest = (inspected: readonly AnalysedCheckpoint[]): FollowedEpoch => ({
  checkpoint: inspected.at(-1)?.checkpoint ?? null,
  following: true,
});

/** What is shown once `inspected` are there. */
export const followEpochs = (
  shown: FollowedEpoch,
  inspected: readonly AnalysedCheckpoint[],
): FollowedEpoch => {
  const there = inspected.some(({ checkpoint }) => checkpoint === shown.checkpoint);
  return shown.following || !there ? newest(inspected) : shown;
};

/** What is shown once a person moved to place `index`; at the last place they follow again. */
export const pickEpoch = (inspected: readonly AnalysedCheckpoint[], index: number): FollowedEpoch =>
  index >= inspected.length - 1
    ? newest(inspected)
    : { checkpoint: inspected[Math.max(0, index)].checkpoint, following: false };

/** The epoch in the name of a checkpoint, as the protocol's `checkpointOfEpoch` made it; null for the newest state. */
export const epochOf = (checkpoint: string): number | null => {
  const digits = /^epoch-(\d+)$/.exec(checkpoint)?.[1];
  return digits === undefined ? null : Number(digits);
};

export const inspectedEpochs = (inspected: readonly AnalysedCheckpoint[]): readonly number[] =>
  inspected.flatMap(({ checkpoint }) => epochOf(checkpoint) ?? []);
