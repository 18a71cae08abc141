import type { Analysis, PanelRun } from '../../src/protocol/messages.ts';
import { sampleWords } from './words.ts';

type Samples = Pick<Analysis, 'samples' | 'epoch'>;

const counted = (analysis: Samples): string =>
  analysis.samples.test === 0 ? sampleWords(analysis) : `n = ${sampleWords(analysis)}`;

/** The run that a figure was made from, and its samples: `demo, n = 1,000 test samples, epoch 12`. */
export const runProvenance = (name: string, analysis: Samples | null): string =>
  [name, ...(analysis === null ? [] : [counted(analysis)])].filter((part) => part !== '').join(', ');

/** The same for several runs; those with the same samples are named together. */
export const runsProvenance = (runs: readonly Pick<PanelRun, 'name' | 'analysis'>[]): string => {
  const names = new Map<string, string[]>();
  for (const { name, analysis } of runs) {
    const samples = counted(analysis);
    names.set(samples, [...(names.get(samples) ?? []), name]);
  }
  return [...names].map(([samples, each]) => [...each, samples].join(', ')).join('; ');
};
