import type { Candidate, ProbeMethod, Recommendation } from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { METHOD_LABELS } from '../series/accuracy.ts';
import { formatCount, formatInterval, formatPercent } from '../series/format.ts';

const evidence = (label: string, candidate: Candidate): HTMLElement =>
  element(
    'li',
    {},
    `${label}: `,
    element('strong', {}, candidate.layer),
    `, ${formatPercent(candidate.accuracy)} (95 % interval ${formatInterval(candidate.interval)}, ${formatCount(candidate.samples)} samples)`,
  );

/** The layer to keep for a task, the reason first, then the evidence. */
export const recommendationCard = (recommendation: Recommendation): HTMLElement => {
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
