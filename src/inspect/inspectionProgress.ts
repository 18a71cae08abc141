import type { InspectOptions } from './inspection.ts';
import { prepareTasks, type TaskGroup } from './probes/task.ts';
import { splitCount } from './readSplits.ts';

/** Reports what is done next. */
export type Report = (message: string) => void;

/** Parts of the work that reading all samples is counted as, where splits are sampled. */
const EXAMINED_PARTS = 20;

type Reported = Pick<InspectOptions, 'asked' | 'source' | 'untrained' | 'onProgress'>;

/**
 * The parts of the work: reading all samples where the splits are sampled, reading the splits and the views, two parts per layer, the
 * comparison, and for an untrained encoder reading the splits and one part per layer.
 */
const partsOf = ({ source, untrained }: Reported, groups: readonly TaskGroup[]): number => {
  const { splits: data, layers, sampled } = source;
  const ofTasks = groups.reduce((sum, group) => sum + splitCount(group.data), 0);
  const hasTest = groups.some((group) => group.data.test === data.test);
  const splits = source.isReadApart ? 1 : hasTest ? ofTasks : ofTasks + 1;
  const ofUntrained = untrained === true ? ofTasks + layers.length : 0;
  return (sampled === null ? 0 : EXAMINED_PARTS) + splits + 1 + 2 * layers.length + 1 + ofUntrained;
};

export const reporter = (reported: Reported, groups: readonly TaskGroup[]): Report => {
  const { onProgress, source } = reported;
  const total = partsOf(reported, groups);
  let done = source.sampled === null ? 0 : EXAMINED_PARTS;
  return (message) => {
    onProgress?.({ job: 'inspect', done, total, message });
    done++;
  };
};

/** The same for the samples of sampled splits, before anything else: `share` of them were read. */
export const examinationReporter = (reported: Reported): ((share: number, message: string) => void) => {
  const total = partsOf(reported, prepareTasks(reported.asked, reported.source));
  return (share, message) =>
    reported.onProgress?.({ job: 'inspect', done: Math.floor(EXAMINED_PARTS * share), total, message });
};
