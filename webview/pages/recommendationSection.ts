import * as l10n from '@vscode/l10n';
import type { Recommendation } from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { drawRanking, type LayerSelection } from '../figures/index.ts';
import { rankingWords } from '../panel/parts.ts';
import { recommendationCard } from './recommendationCard.ts';
import { section } from './section.ts';

/** One card per task: the layer to keep, the reason first, then the evidence. */
export const recommendationSection = (
  page: HTMLElement,
  recommendations: readonly Recommendation[],
  selection: LayerSelection,
): void => {
  const part = section(page, l10n.t('Which layer to keep'));
  if (recommendations.length === 0) {
    part.append(
      element(
        'p',
        { class: 'empty' },
        l10n.t(
          'No recommendation: no downstream task was probed. Name one under "downstream" in the experiment file and inspect the run again.',
        ),
      ),
    );
    return;
  }
  for (const recommendation of recommendations) {
    const article = recommendationCard(recommendation);
    part.append(article);
    drawRanking(article, recommendation, { selection, ...rankingWords(recommendation.task) });
  }
};
