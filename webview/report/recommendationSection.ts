import * as l10n from '@vscode/l10n';
import type { ReportDocument } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { drawRanking, type FigureOptions } from '../figures/index.ts';
import { rankingWords } from '../panel/parts.ts';
import { recommendationCard } from '../panel/recommendationCard.ts';
import { section } from './section.ts';

/** One card per task: the layer to keep, the reason first, then the evidence. */
export const recommendationSection = (
  page: HTMLElement,
  { recommendations, analysis, subject }: Pick<ReportDocument, 'recommendations' | 'analysis' | 'subject'>,
  shared: Pick<FigureOptions, 'selection' | 'provenance'>,
): void => {
  const part = section(page, l10n.t('Which layer to keep'));
  if (recommendations.length === 0) {
    part.append(
      element(
        'p',
        { class: 'empty' },
        analysis.layers.some(({ probes }) => probes.length > 0)
          ? l10n.t('No recommendation, because an earlier version inspected the run. Inspect it again.')
          : subject.kind === 'run'
            ? l10n.t(
                'No recommendation, because no downstream task was probed. Add one under "downstream" in the experiment file and train a new run.',
              )
            : l10n.t(
                'No recommendation, because no downstream task was probed. Add one under "downstream" in the inspection file and inspect it again.',
              ),
      ),
    );
    return;
  }
  for (const recommendation of recommendations) {
    const article = recommendationCard(recommendation);
    part.append(article);
    drawRanking(article, recommendation, { ...shared, ...rankingWords(recommendation) });
  }
};
