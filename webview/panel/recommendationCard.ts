import * as l10n from '@vscode/l10n';
import type { Candidate, Comparison, ProbeMethod, Recommendation } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { METHOD_LABELS } from '../series/accuracy.ts';
import { formatCount, formatInterval, formatPercent, percentOf } from '../series/format.ts';
import { COMPARED, unbeatenWords } from '../series/ranking.ts';
import { sentence } from './sentence.ts';

const title = ({ task, verdict, recommended, unbeaten }: Recommendation): HTMLElement => {
  const layer = element('strong', {}, recommended.layer);
  if (unbeaten.length > 0) {
    const heading = l10n.t('For {0}: {1} is highest, but does not beat {2}');
    return element('h3', {}, sentence(heading, task, layer, unbeatenWords(unbeaten)));
  }
  const heading =
    verdict === 'clear' ? l10n.t('For {0}: keep {1}') : l10n.t('For {0}: no clear winner; {1} is highest');
  return element('h3', {}, sentence(heading, task, layer));
};

type Score = Pick<Candidate, 'accuracy' | 'interval' | 'samples'>;

const scored = (label: string, layer: string, score: Score, isAccuracy = true) =>
  element(
    'li',
    {},
    sentence(
      l10n.t('{0}: {1}, {2} (95 % interval {3}, {4} samples)'),
      label,
      element('strong', {}, layer),
      isAccuracy ? formatPercent(score.accuracy) : l10n.t('R² {0}', formatPercent(score.accuracy)),
      formatInterval(score.interval),
      formatCount(score.samples),
    ),
  );

/** What the recommended layer scores where it is reported. */
const reported = ({ recommended, on, criterion }: Recommendation): HTMLElement[] => {
  if (recommended.reported === null) return [];
  const { worstGroup } = recommended.reported;
  const place = on === 'test' ? l10n.t('On the test split') : l10n.t('On {0}', on);
  return [
    scored(place, recommended.layer, recommended.reported, criterion !== 'R²'),
    ...(worstGroup === null ? [] : [scored(l10n.t('Its worst group'), worstGroup.group, worstGroup)]),
  ];
};

const compared = ({ with: noun, layer, accuracy, gain, interval }: Comparison): HTMLElement =>
  element(
    'li',
    {},
    sentence(
      gain >= 0
        ? l10n.t('{0} points more than {1}, {2} with {3} (95 % interval {4} to {5})')
        : l10n.t('{0} points less than {1}, {2} with {3} (95 % interval {4} to {5})'),
      element('strong', {}, percentOf(Math.abs(gain))),
      COMPARED[noun],
      layer,
      formatPercent(accuracy),
      percentOf(gain >= 0 ? interval[0] : -interval[1]),
      percentOf(gain >= 0 ? interval[1] : -interval[0]),
    ),
  );

const facts = (recommendation: Recommendation): HTMLElement => {
  const list = element('ul', {});
  for (const item of reported(recommendation)) list.append(item);
  for (const comparison of recommendation.comparisons) list.append(compared(comparison));
  return list;
};

const basis = ({ criterion, method, ranked, on }: Recommendation): string => {
  const label = METHOD_LABELS[method as ProbeMethod] ?? method;
  if (ranked.folds > 0) {
    return l10n.t(
      'Ranked by {0} on {1} training samples, each predicted by a probe that was fitted on the other of {2} folds; probe: {3}.',
      criterion,
      formatCount(ranked.samples),
      ranked.folds,
      label,
    );
  }
  return ranked.on === on
    ? l10n.t('Ranked by {0} on {1}, which is also reported here; probe: {2}.', criterion, on, label)
    : l10n.t(
        'Ranked by {0} on {1} samples that the encoder was not trained on; probe: {2}.',
        criterion,
        formatCount(ranked.samples),
        label,
      );
};

/** The layer to keep for a task, the reason first, then the evidence. */
export const recommendationCard = (recommendation: Recommendation): HTMLElement =>
  element(
    'article',
    { class: 'recommendation' },
    title(recommendation),
    element('p', {}, recommendation.reason),
    facts(recommendation),
    element('p', { class: 'note' }, basis(recommendation)),
  );
