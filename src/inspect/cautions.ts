import { categoricalFactor, type Data, type DataSet, repeatedSamples } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { formatCount } from '../protocol/index.ts';
import { FOLDS } from './probes/folds.ts';

/**
 * What makes the numbers of an analysis better than they should be, or worth little: samples that a probe is scored on and
 * was also fitted on, and classes that some folds cannot know. Synthetic features have few values, so that repeated samples
 * mean nothing there.
 */
export const cautionsOf = (experiment: Experiment, data: Data): string[] => {
  const { data: spec, downstream } = experiment;
  if (spec.kind === 'synthetic' || downstream.length === 0) return [];
  const { train, validation, test, taskData } = data;
  return [
    ...repeated(test, train, 'test samples', 'training samples'),
    ...(validation === null ? [] : repeated(validation, train, 'validation samples', 'training samples')),
    ...[...taskData].flatMap(([task, own]) =>
      repeated(own.test, own.train, `test samples of ${task}`, 'labelled samples of it'),
    ),
    ...downstream.flatMap(({ name, factor }) =>
      smallClasses(name, factor, taskData.get(name)?.train ?? train),
    ),
  ];
};

/** Out of fold, a class with fewer samples than folds is sometimes one that the probe has never seen. */
const smallClasses = (task: string, factor: string, labelled: DataSet): string[] => {
  const { values } = categoricalFactor(labelled, factor, '/downstream');
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const small = [...counts.values()].filter((count) => count < FOLDS).length;
  if (small === 0) return [];
  const classes = `${formatCount(small)} of ${formatCount(counts.size)} classes of ${task}`;
  return [
    `${classes} ${small === 1 ? 'has' : 'have'} fewer than ${FOLDS} labelled samples: probes of some folds do not know ${small === 1 ? 'it' : 'them'}`,
  ];
};

const repeated = (of: DataSet, another: DataSet, what: string, where: string): string[] => {
  const count = repeatedSamples(of, another);
  return count === 0
    ? []
    : [
        `${formatCount(count)} of ${formatCount(of.size)} ${what} are also ${where}: accuracies on them are too high`,
      ];
};
