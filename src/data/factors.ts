import { inputFault } from '../protocol/index.ts';
import type { Factor, LabelledSet } from './dataSet.ts';

export type CategoricalFactor = Extract<Factor, { kind: 'categorical' }>;
export type ContinuousFactor = Extract<Factor, { kind: 'continuous' }>;

export const categorical = (
  name: string,
  values: Int32Array,
  classes: readonly string[],
): CategoricalFactor => ({ name, kind: 'categorical', values, classes });

export const continuous = (name: string, values: Float64Array): Factor => ({
  name,
  kind: 'continuous',
  values,
});

const listed = (factors: readonly Factor[]): string =>
  factors.length === 0 ? 'the data has none' : `the data has ${factors.map(({ name }) => name).join(', ')}`;

/** @throws Fault at `where` that lists the existing factors. */
export const factorOf = (dataSet: LabelledSet, name: string, where: string): Factor => {
  const factor = dataSet.factors.find((candidate) => candidate.name === name);
  if (factor !== undefined) return factor;
  throw inputFault(
    `names the factor ${JSON.stringify(name)}; ${listed(dataSet.factors)}`,
    where,
    'Use a factor of the data',
  );
};

/** @throws Fault at `where` that lists the existing categorical factors. */
export const categoricalFactor = (dataSet: LabelledSet, name: string, where: string): CategoricalFactor => {
  const factor = factorOf(dataSet, name, where);
  if (factor.kind === 'categorical') return factor;
  const others = dataSet.factors.filter(({ kind }) => kind === 'categorical');
  const choice =
    others.length === 0
      ? 'the data has no categorical factor'
      : `categorical are ${others.map((other) => other.name).join(', ')}`;
  throw inputFault(
    `names ${JSON.stringify(name)}, which is continuous; ${choice}`,
    where,
    'Use a categorical factor',
  );
};

/** @throws Fault at `where` for a factor that is not there, or has classes. */
export const continuousFactor = (dataSet: LabelledSet, name: string, where: string): ContinuousFactor => {
  const factor = factorOf(dataSet, name, where);
  if (factor.kind === 'continuous') return factor;
  throw inputFault(
    `names ${JSON.stringify(name)}, which is continuous in the training samples and has classes in ${dataSet.name}`,
    where,
    'Write its values as numbers of the same kind in every file',
  );
};

/** '0', '1', ... up to the largest label of all the lists. */
export const numberedClasses = (...labels: readonly ArrayLike<number>[]): string[] => {
  let largest = -1;
  for (const list of labels) {
    for (let at = 0; at < list.length; at++) largest = Math.max(largest, list[at]);
  }
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
};
