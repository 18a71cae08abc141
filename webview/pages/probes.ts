import '../panel/strings.ts';
import * as l10n from '@vscode/l10n';
import type { Recommendation } from '../../src/protocol/messages.ts';
import { drawProbes, drawRanking, type Figure, type FigureOptions } from '../figures/index.ts';
import { openPanel } from '../panel/openPanel.ts';
import { type Part, part, rankingWords, WORDS } from '../panel/parts.ts';
import { recommendationCard } from '../panel/recommendationCard.ts';

/** The card of a task above the ranking that it is based on. */
const drawRecommendation = (
  container: HTMLElement,
  recommendation: Recommendation,
  options: FigureOptions,
): Figure<Recommendation> => {
  let card = recommendationCard(recommendation);
  container.append(card);
  const ranking = drawRanking(container, recommendation, options);
  return {
    ...ranking,
    update: (next) => {
      const newer = recommendationCard(next);
      card.replaceWith(newer);
      card = newer;
      ranking.update(next);
    },
    destroy: () => {
      ranking.destroy();
      card.remove();
    },
  };
};

const recommendationPart = (recommendation: Recommendation): Part =>
  part(rankingWords(recommendation), drawRecommendation, recommendation);

openPanel(l10n.t('Probes'), ([{ analysis, recommendations }]) => [
  part(WORDS.probes, drawProbes, analysis),
  ...recommendations.map(recommendationPart),
]);
