import { createHash } from 'node:crypto';
import type { RunRecord } from '../../src/protocol/messages.ts';

/** What an experiment says that changes nothing but its name, its random numbers or words about it. */
const SEED_AND_WORDS = new Set(['$schema', 'name', 'description', 'seed']);

/** Identifies what was run: the same for runs whose experiments differ only in the seed and in words about them. */
export const settingsOf = ({ experiment, baseDirectory }: RunRecord): string => {
  const settings = Object.entries(experiment).filter(([key]) => !SEED_AND_WORDS.has(key));
  settings.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([baseDirectory, settings]))
    .digest('hex');
};
