import type { Analysis, PanelRun } from '../../src/protocol/messages.ts';
import { sampleWords } from './words.ts';

type Samples = Pick<Analysis, 'samples' | 'epoch'>;

const counted = (analysis: Samples, isInspection = false): string => {
  const words = sampleWords(analysis, isInspection);
  return analysis.samples.test === 0 ? words : `n = ${words}`;
};

/** The run that a figure was made from, and its samples: `demo, n = 1,000 test samples, epoch 12`. */
export const runProvenance = (name: string, analysis: Samples | null, isInspection = false): string =>
  [name, ...(analysis === null ? [] : [counted(analysis, isInspection)])]
    .filter((part) => part !== '')
    .join(', ');

/** The same for several runs; those with the same samples are named together. */
export const runsProvenance = (
  runs: readonly Pick<PanelRun, 'name' | 'analysis' | 'isInspection'>[],
): string => {
  const names = new Map<string, string[]>();
  for (const { name, analysis, isInspection } of runs) {
    const samples = counted(analysis, isInspection);
    names.set(samples, [...(names.get(samples) ?? []), name]);
  }
  return [...names].map(([samples, each]) => [...each, samples].join(', ')).join('; ');
};
