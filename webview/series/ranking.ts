import type { Recommendation } from '../../src/protocol/messages.ts';
import type { Table } from './table.ts';

/** One row per layer, best first, with its role in the recommendation. */
export const rankingTable = (recommendation: Recommendation): Table => ({
  columns: ['layer', recommendation.criterion, 'low', 'high', 'standard error', 'samples', 'verdict'],
  rows: recommendation.ranking.map((candidate) => [
    candidate.layer,
    candidate.accuracy,
    candidate.interval[0],
    candidate.interval[1],
    candidate.standardError,
    candidate.samples,
    verdictOf(recommendation, candidate.layer),
  ]),
});

const verdictOf = (recommendation: Recommendation, layer: string): string => {
  const parts = [
    layer === recommendation.recommended.layer ? 'recommended' : '',
    layer === recommendation.best.layer ? 'best' : '',
    layer === recommendation.runnerUp?.layer ? 'runner-up' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
};
