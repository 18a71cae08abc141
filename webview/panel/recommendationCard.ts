import * as l10n from '@vscode/l10n';
import type { Candidate, ProbeMethod, Recommendation } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { METHOD_LABELS } from '../series/accuracy.ts';
import { formatCount, formatInterval, formatPercent } from '../series/format.ts';
import { sentence } from './sentence.ts';

const evidence = (label: string, candidate: Candidate): HTMLElement =>
  element(
    'li',
    {},
    sentence(
      l10n.t('{0}: {1}, {2} (95 % interval {3}, {4} samples)'),
      label,
      element('strong', {}, candidate.layer),
      formatPercent(candidate.accuracy),
      formatInterval(candidate.interval),
      formatCount(candidate.samples),
    ),
  );

/** The layer to keep for a task, the reason first, then the evidence. */
export const recommendationCard = (recommendation: Recommendation): HTMLElement => {
  const { task, method, on, criterion, verdict, recommended, runnerUp, best, reason } = recommendation;
  const heading =
    verdict === 'clear'
      ? l10n.t('For {0}: keep {1}')
      : l10n.t('For {0}: no clear winner; earliest choice {1}');
  const title = element('h3', {}, sentence(heading, task, element('strong', {}, recommended.layer)));
  const list = element(
    'ul',
    {},
    evidence(verdict === 'clear' ? l10n.t('Recommended') : l10n.t('Earliest choice'), recommended),
  );
  const bestIsSecond = best.layer === runnerUp?.layer;
  if (best.layer !== recommended.layer && !bestIsSecond) list.append(evidence(l10n.t('Highest'), best));
  if (runnerUp)
    list.append(evidence(bestIsSecond ? l10n.t('Runner-up, and highest') : l10n.t('Runner-up'), runnerUp));
  const basis = element(
    'p',
    { class: 'note' },
    l10n.t(
      'Ranked by {0} on {1}; probe: {2}.',
      criterion,
      on,
      METHOD_LABELS[method as ProbeMethod] ?? method,
    ),
  );
  return element('article', { class: 'recommendation' }, title, element('p', {}, reason), list, basis);
};
