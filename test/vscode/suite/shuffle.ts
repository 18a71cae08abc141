import type { Suite } from 'mocha';
import { type Random, randomOf } from '../../corpus/random.ts';

/** Shuffles the items (Fisher and Yates), in place. */
const shuffle = <T>(items: T[], random: Random): void => {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random(last + 1);
    [items[last], items[other]] = [items[other], items[last]];
  }
};

const shuffleAll = (suite: Suite, random: Random): void => {
  shuffle(suite.tests, random);
  shuffle(suite.suites, random);
  for (const inner of suite.suites) shuffleAll(inner, random);
};

/** Puts groups of tests, and the tests in each, into an order that the seed determines. */
export const shuffleTests = (suite: Suite, seed: string): void => shuffleAll(suite, randomOf(seed));
