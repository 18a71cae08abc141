import type { Recommendation } from '../../src/protocol/messages.ts';
import { drawRanking, type Figure, type FigureOptions } from '../figures/index.ts';
import { type Part, part, rankingWords } from './parts.ts';
import { recommendationCard } from './recommendationCard.ts';

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

/** The layer to keep for a task, with its evidence. */
export const recommendationPart = (recommendation: Recommendation): Part =>
  part(rankingWords(recommendation), drawRecommendation, recommendation);
