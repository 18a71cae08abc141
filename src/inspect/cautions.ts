import { type Data, type DataSet, repeatedSamples } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { formatCount } from '../protocol/index.ts';

/**
 * What makes the numbers of an analysis better than they should be: samples that a probe is scored on, and was also fitted on.
 * Synthetic features have few values, so that repeated samples mean nothing there.
 */
export const cautionsOf = ({ data: spec, downstream }: Experiment, data: Data): string[] => {
  if (spec.kind === 'synthetic' || downstream.length === 0) return [];
  const { train, validation, test, taskData } = data;
  return [
    ...repeated(test, train, 'test samples', 'training samples'),
    ...(validation === null ? [] : repeated(validation, train, 'validation samples', 'training samples')),
    ...[...taskData].flatMap(([task, own]) =>
      repeated(own.test, own.train, `test samples of ${task}`, 'labelled samples of it'),
    ),
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
