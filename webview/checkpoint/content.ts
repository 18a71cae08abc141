import type { CheckpointPageContent } from '../../src/protocol/index.ts';

/** One checkpoint, or two that are compared. */
export type Checkpoints = Extract<CheckpointPageContent, { kind: 'checkpoints' }>;

/** Names that tell the two apart: of two files of one name, by their letters. */
export const checkpointNames = ({ checkpoints }: Checkpoints): string[] => {
  const names = checkpoints.map(({ name }) => name);
  return new Set(names).size === names.length
    ? names
    : names.map((name, place) => `${name} (${'AB'[place] ?? place + 1})`);
};
