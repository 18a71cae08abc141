import { factorOf, type LabelledSet } from '../data/index.ts';
import { formatCount } from '../protocol/index.ts';
import type { Source } from '../sources/index.ts';
import type { Asked } from './inspection.ts';
import { FOLDS } from './probes/folds.ts';

/**
 * What makes the numbers of an analysis better than they should be, or worth little: samples that a probe is scored on and
 * was also fitted on, and classes that some folds cannot know. Synthetic features have few values, so that repeated samples
 * mean nothing there.
 */
export const cautionsOf = async (
  { downstream }: Pick<Asked, 'downstream'>,
  source: Pick<Source, 'splits' | 'factorSource' | 'repeated'>,
): Promise<string[]> => {
  if (source.factorSource === 'coordinate' || downstream.length === 0) return [];
  const { train, validation, test, taskData } = source.splits;
  const repeated = repeatedIn(source);
  const twice = [
    ...(await repeated(test, train, 'test samples', 'training samples')),
    ...(validation === null
      ? []
      : await repeated(validation, train, 'validation samples', 'training samples')),
  ];
  for (const [task, own] of taskData) {
    const found = await repeated(own.test, own.train, `test samples of ${task}`, 'labelled samples of it');
    for (const caution of found) twice.push(caution);
  }
  return [
    ...twice,
    ...downstream.flatMap(({ name, factor, together }) => {
      const own = taskData.get(name) ?? source.splits;
      return [
        ...smallClasses(name, factor, own.train),
        ...(together === undefined ? [] : sharedValues(name, together, own)),
      ];
    }),
  ];
};

/** What has to stay together in folds is apart in the splits themselves. */
const sharedValues = (
  task: string,
  together: string,
  { train, test }: { readonly train: LabelledSet; readonly test: LabelledSet },
): string[] => {
  const known = new Set(namesOf(train, together));
  const count = namesOf(test, together).filter((value) => known.has(value)).length;
  return count === 0
    ? []
    : [
        `${formatCount(count)} of ${formatCount(test.size)} test samples of ${task} have the same ${together} as labelled samples of it: accuracies on them are too high`,
      ];
};

/** The value of every sample, as it is called: numbers of classes differ between data sets. */
const namesOf = (samples: LabelledSet, name: string): (string | number)[] => {
  const factor = factorOf(samples, name, '/downstream');
  return factor.kind === 'categorical'
    ? Array.from(factor.values, (value) => factor.classes[value])
    : [...factor.values];
};

/** Out of fold, a class with fewer samples than folds is sometimes one that the probe has never seen. */
const smallClasses = (task: string, factor: string, labelled: LabelledSet): string[] => {
  const { kind, values } = factorOf(labelled, factor, '/downstream');
  if (kind === 'continuous') return [];
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const small = [...counts.values()].filter((count) => count < FOLDS).length;
  if (small === 0) return [];
  const classes = `${formatCount(small)} of ${formatCount(counts.size)} classes of ${task}`;
  return [
    `${classes} ${small === 1 ? 'has' : 'have'} fewer than ${FOLDS} labelled samples: probes of some folds do not know ${small === 1 ? 'it' : 'them'}`,
  ];
};

const repeatedIn =
  (source: Pick<Source, 'repeated'>) =>
  async (of: LabelledSet, another: LabelledSet, what: string, where: string): Promise<string[]> => {
    const count = await source.repeated(of, another);
    return count === 0
      ? []
      : [
          `${formatCount(count)} of ${formatCount(of.size)} ${what} are also ${where}: accuracies on them are too high`,
        ];
  };
