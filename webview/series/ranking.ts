import * as l10n from '@vscode/l10n';
import type { Candidate, Comparison, Recommendation } from '../../src/protocol/messages.ts';
import type { Table } from './table.ts';

type Unbeaten = Recommendation['unbeaten'][number];

/** What the recommended layer is compared with. */
export const COMPARED: Readonly<Record<Unbeaten | Comparison['with'], string>> = {
  chance: l10n.t('chance'),
  'raw input': l10n.t('the raw input'),
  'untrained encoder': l10n.t('the untrained encoder'),
  'pre-projection layer': l10n.t('the pre-projection layer'),
  'last layer': l10n.t('the last layer'),
};

/** What a recommendation does not beat, in words. */
export const unbeatenWords = (unbeaten: Recommendation['unbeaten']): string =>
  unbeaten.map((noun) => COMPARED[noun]).join(', ');

/** One row per layer, best first, with its role in the recommendation. */
export const rankingTable = (recommendation: Recommendation): Table => ({
  columns: [
    'layer',
    recommendation.criterion,
    'low',
    'high',
    'samples',
    'below the best',
    'standard error',
    recommendation.on,
    'verdict',
  ],
  rows: recommendation.ranking.map((candidate) => [
    candidate.layer,
    candidate.accuracy,
    candidate.interval[0],
    candidate.interval[1],
    candidate.samples,
    candidate.loss,
    candidate.lossError,
    candidate.reported?.accuracy ?? null,
    verdictOf(recommendation, candidate),
  ]),
});

const verdictOf = (recommendation: Recommendation, { layer, near }: Candidate): string => {
  const parts = [
    layer === recommendation.recommended.layer ? 'recommended' : '',
    layer === recommendation.best.layer ? 'best' : near ? 'cannot be told apart' : '',
    layer === recommendation.runnerUp?.layer ? 'runner-up' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
};
