import * as l10n from '@vscode/l10n';
import type { Analysis, PanelRun, Recommendation } from '../../src/protocol/messages.ts';
import { formatCount } from '../series/format.ts';
import { unbeatenWords } from '../series/ranking.ts';

/** Icons before a layer's name, the same in every panel; words beside them mean the same. */
const ICONS = { recommended: '★', selected: '✓' } as const;

/** What the numbers of a panel are based on: `1,000 test samples, epoch 12`; an inspection has no epochs. */
export const sampleWords = (
  { samples, epoch }: Pick<Analysis, 'samples' | 'epoch'>,
  isInspection = false,
): string => {
  const counted =
    samples.test === 0
      ? l10n.t('exact moments, no samples')
      : samples.test === 1
        ? l10n.t('1 test sample')
        : l10n.t('{0} test samples', formatCount(samples.test));
  if (isInspection) return counted;
  const when = epoch === 0 ? l10n.t('before training') : l10n.t('epoch {0}', formatCount(epoch));
  return `${counted}, ${when}`;
};

const adviceWords = ({ task, verdict, recommended: { layer }, unbeaten }: Recommendation): string => {
  if (unbeaten.length > 0) {
    return l10n.t('Highest for {0}: {1} (does not beat {2})', task, layer, unbeatenWords(unbeaten));
  }
  return verdict === 'clear'
    ? l10n.t('Recommended for {0}: {1}', task, layer)
    : l10n.t('Highest for {0}: {1} (no clear winner)', task, layer);
};

/** The selected layers, then the recommended one for every task, one line each. */
export const layerWords = ({ probed, selections, recommendations }: PanelRun): readonly string[] => {
  const advice = recommendations.map(
    (recommendation) => `${ICONS.recommended} ${adviceWords(recommendation)}`,
  );
  const picked = selections.map(({ layer, task }) => {
    const words =
      task === null ? l10n.t('Selected: {0}', layer) : l10n.t('Selected for {0}: {1}', task, layer);
    return `${ICONS.selected} ${words}`;
  });
  return [
    ...picked,
    ...advice,
    ...(probed ? [] : [l10n.t('No recommendation, because no downstream task was probed.')]),
  ];
};

export const stateLabel = ({ state, analysed }: PanelRun): string =>
  analysed.find((choice) => choice.state === state)?.label ?? state;

/** How the runs of a page are called: one by its name, two as A and B. */
export const headings = (runs: readonly PanelRun[]): string[] =>
  runs.map(({ name }, index) => (runs.length === 1 ? name : `${'AB'[index]}: ${name}`));

/** Two runs, or two states of one run, as A and B. */
export const comparedNames = (a: PanelRun, b: PanelRun): [string, string] => {
  const [nameA, nameB] = headings([a, b]);
  return a.name === b.name ? [`${nameA}, ${stateLabel(a)}`, `${nameB}, ${stateLabel(b)}`] : [nameA, nameB];
};
