import type { Candidate, ProbeMethod, Recommendation } from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { drawRanking, type LayerSelection } from '../figures/index.ts';
import { METHOD_LABELS } from '../series/accuracy.ts';
import { formatCount, formatInterval, formatPercent } from '../series/format.ts';
import { section } from './section.ts';

const evidence = (label: string, candidate: Candidate): HTMLElement =>
  element(
    'li',
    {},
    `${label}: `,
    element('strong', {}, candidate.layer),
    `, ${formatPercent(candidate.accuracy)} (95 % interval ${formatInterval(candidate.interval)}, ${formatCount(candidate.samples)} samples)`,
  );

const card = (recommendation: Recommendation): HTMLElement => {
  const { task, method, on, criterion, verdict, recommended, runnerUp, best, reason } = recommendation;
  const title = element('h3');
  if (verdict === 'clear') title.append(`For ${task}: keep `, element('strong', {}, recommended.layer));
  else
    title.append(`For ${task}: no clear winner; earliest choice `, element('strong', {}, recommended.layer));
  const list = element(
    'ul',
    {},
    evidence(verdict === 'clear' ? 'Recommended' : 'Earliest choice', recommended),
  );
  const bestIsSecond = best.layer === runnerUp?.layer;
  if (best.layer !== recommended.layer && !bestIsSecond) list.append(evidence('Highest', best));
  if (runnerUp) list.append(evidence(bestIsSecond ? 'Runner-up, and highest' : 'Runner-up', runnerUp));
  const basis = element(
    'p',
    { class: 'note' },
    `Judged by ${criterion} on ${on}; probe: ${METHOD_LABELS[method as ProbeMethod] ?? method}.`,
  );
  return element('article', { class: 'recommendation' }, title, element('p', {}, reason), list, basis);
};

/** One card per task: the layer to keep, the reason first, then the evidence. */
export const recommendationSection = (
  page: HTMLElement,
  recommendations: readonly Recommendation[],
  selection: LayerSelection,
): void => {
  const part = section(page, 'Which layer to keep');
  if (recommendations.length === 0) {
    part.append(
      element(
        'p',
        { class: 'empty' },
        'No recommendation: no downstream task was probed. Name one under "tasks" in the experiment file and inspect the run again.',
      ),
    );
    return;
  }
  for (const recommendation of recommendations) {
    const article = card(recommendation);
    part.append(article);
    drawRanking(article, recommendation, {
      selection,
      level: 4,
      title: `Layers ranked for ${recommendation.task}`,
      caption:
        'Look for dots at or right of the dashed line: within one standard error of the best, of which the earliest layer is kept.',
    });
  }
};
