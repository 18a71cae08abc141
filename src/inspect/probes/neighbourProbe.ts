import { findNeighbours, type Neighbours, normalised, voteOfNeighbours } from './neighbours.ts';
import type { ProbeMethodOf } from './predictions.ts';

/** The vote of the nearest training samples. Ranked samples are not predicted by samples of their own fold. */
export const neighbourProbe: ProbeMethodOf = async (splits, tasks, { products, signal }) => {
  const { validation, tests } = splits;
  const reference = normalised(splits.train);
  const bySet: Neighbours[] = [];
  for (const test of tests)
    bySet.push((await findNeighbours(products, reference, normalised(test), { signal }))[0]);
  const heldOut = tasks.some(({ ranking }) => ranking?.on === 'validation')
    ? (await findNeighbours(products, reference, normalised(validation!), { signal }))[0]
    : null;
  const folded = tasks.flatMap(({ ranking }) =>
    ranking === null || ranking.on === 'validation' ? [] : [ranking.folds],
  );
  const outOfFold =
    folded.length === 0
      ? []
      : await findNeighbours(products, reference, reference, { signal, folds: folded });
  return tasks.map(({ train, shuffles, classes, ranking }) => {
    const vote = (found: Neighbours, fitted = train) => voteOfNeighbours(found, fitted, classes);
    return {
      bySet: bySet.map((found) => vote(found)),
      ranked:
        ranking === null
          ? null
          : vote(ranking.on === 'validation' ? heldOut! : outOfFold[folded.indexOf(ranking.folds)]),
      losses: null,
      shuffled: shuffles.map((fitted) => vote(bySet[0], fitted)),
      c: null,
    };
  });
};
