import { categoricalFactor, type LabelledSet } from '../../data/index.ts';
import { type Evaluation, type GroupAccuracy, packOutcomes } from '../../protocol/index.ts';
import { accuracyOf } from './accuracy.ts';

/** The name of every sample's group (`background=water, bird=land`): a combination of categorical factors. */
export const groupsOf = (dataSet: LabelledSet, factors: readonly string[]): readonly string[] => {
  const chosen = factors.map((name) => categoricalFactor(dataSet, name, '/groups'));
  return Array.from({ length: dataSet.size }, (_, i) =>
    chosen.map(({ name, values, classes }) => `${name}=${classes[values[i]]}`).join(', '),
  );
};

/**
 * Scores predictions on one set of samples. Groups are those that occur in training or here; a group without samples
 * here has no accuracy. The train-weighted accuracy is sum_g (training share of g) accuracy_g over the groups that have
 * samples here, with shares scaled to sum to 1.
 */
export const evaluate = (
  on: string,
  correct: readonly boolean[],
  groups: { readonly train: readonly string[]; readonly test: readonly string[] } | null,
): Evaluation => {
  const overall = { on, ...accuracyOf(correct) };
  if (groups === null) {
    const outcomes = packOutcomes(correct);
    return { ...overall, outcomes, groups: [], worstGroup: null, trainWeightedAccuracy: null };
  }
  const trainCounts = countBy(groups.train);
  const names = [...new Set([...groups.train, ...groups.test])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const byGroup = new Map<string, boolean[]>(names.map((name) => [name, []]));
  for (const [sample, group] of groups.test.entries()) byGroup.get(group)!.push(correct[sample]);
  const scored: GroupAccuracy[] = names.map((group) => ({
    group,
    ...accuracyOf(byGroup.get(group)!),
    trainSamples: trainCounts.get(group) ?? 0,
  }));
  const present = scored.filter((group) => group.accuracy !== null);
  const worstGroup = present.reduce<GroupAccuracy | null>(
    (worst, group) => (worst === null || group.accuracy! < worst.accuracy! ? group : worst),
    null,
  );
  const weight = present.reduce((sum, group) => sum + group.trainSamples, 0);
  const weighted = present.reduce((sum, group) => sum + group.trainSamples * group.accuracy!, 0);
  return {
    ...overall,
    outcomes: packOutcomes([...byGroup.values()].flat()),
    groups: scored,
    worstGroup,
    trainWeightedAccuracy: weight === 0 ? null : weighted / weight,
  };
};

const countBy = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};
