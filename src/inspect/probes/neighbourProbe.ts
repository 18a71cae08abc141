import { findNeighbours, type Neighbours, voteOfNeighbours } from './neighbours.ts';
import type { ProbeMethodOf } from './predictions.ts';

/** The vote of the nearest training samples. Ranked samples are not predicted by samples of their own fold. */
export const neighbourProbe: ProbeMethodOf = async (splits, tasks, { products, signal }) => {
  const { train, validation, tests } = splits;
  const bySet: Neighbours[] = [];
  for (const test of tests) bySet.push((await findNeighbours(products, train, test, { signal }))[0]);
  const heldOut = tasks.some(({ ranking }) => ranking?.on === 'validation')
    ? (await findNeighbours(products, train, validation!, { signal }))[0]
    : null;
  const folded = tasks.flatMap(({ ranking }) =>
    ranking === null || ranking.on === 'validation' ? [] : [ranking.folds],
  );
  const outOfFold =
    folded.length === 0 ? [] : await findNeighbours(products, train, train, { signal, folds: folded });
  return tasks.map(({ trainLabels, shuffledLabels, classes, ranking }) => {
    const vote = (found: Neighbours, labels = trainLabels) => voteOfNeighbours(found, labels, classes);
    return {
      bySet: bySet.map((found) => vote(found)),
      ranked:
        ranking === null
          ? null
          : vote(ranking.on === 'validation' ? heldOut! : outOfFold[folded.indexOf(ranking.folds)]),
      losses: null,
      shuffled: shuffledLabels.map((labels) => vote(bySet[0], labels)),
      c: null,
    };
  });
};
