import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, Severity, TensorHealth } from '../../../src/protocol/messages.ts';
import { healthWarnings, type LayerWarning, type SideHealth } from './health.ts';
import type { LayerRow, MeasuredOf } from './rows.ts';
import { formatMeasure } from './words.ts';

/** WeightWatcher calls a layer over-trained below and under-trained above (Martin, Peng and Mahoney 2021). */
export const [OVER_TRAINED, UNDER_TRAINED] = [2, 6];
/** With fewer eigenvalues in the tail, the exponent is only a guide. */
const ENOUGH_TAIL = 50;

/** The sign of each severity, the worst first: they also differ without colour. */
export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = { error: '⊗', warning: '⚠', note: 'ℹ' };

/** The worst first; equally bad ones stay in order. */
export const worstFirst = (warnings: readonly LayerWarning[]): LayerWarning[] =>
  (Object.keys(SEVERITY_SIGNS) as Severity[]).flatMap((severity) =>
    warnings.filter((each) => each.severity === severity),
  );

/** A warning with the word for its severity. */
export const warningLine = ({ severity, text }: LayerWarning): string => {
  if (severity === 'error') return l10n.t('Error: {0}', text);
  return severity === 'warning' ? l10n.t('Warning: {0}', text) : l10n.t('Note: {0}', text);
};

/** Whether there is anything worse than a note, which may well be intended. */
export const needsAttention = (warnings: readonly LayerWarning[]): boolean =>
  warnings.some(({ severity }) => severity !== 'note');

const alphaWarnings = ({ metrics }: LayerSpectrum): LayerWarning[] => {
  const alpha = metrics.alpha?.value ?? null;
  const tail = metrics.tail?.value ?? 0;
  if (alpha === null || tail < ENOUGH_TAIL) return [];
  const printed = formatMeasure(alpha, 3);
  const warning = (text: string): LayerWarning[] => [{ severity: 'warning', text }];
  if (alpha < OVER_TRAINED) return warning(l10n.t('α = {0} is below 2: may be over-trained', printed));
  if (alpha > UNDER_TRAINED) return warning(l10n.t('α = {0} is above 6: may be under-trained', printed));
  return [];
};

/** What needs attention in a layer; none for a layer in order. */
export const spectrumWarnings = (spectrum: LayerSpectrum, health?: TensorHealth): LayerWarning[] => [
  ...healthWarnings(health),
  ...alphaWarnings(spectrum),
];

/** The warnings of a layer, the worst first; with two checkpoints, each has its name. */
export const rowWarnings = (
  row: LayerRow,
  measuredOf: MeasuredOf,
  names: readonly string[],
  health: readonly Pick<SideHealth, 'byName'>[] = [],
): LayerWarning[] => {
  const found = row.sides.flatMap((side, place) => {
    if (!side) return [];
    const spectrum = measuredOf(place, row.name)?.spectrum;
    const ofSide: LayerWarning[] = [
      ...(spectrum ? spectrumWarnings(spectrum, health[place]?.byName.get(row.name)) : []),
      ...(side.note === undefined ? [] : [{ severity: 'note' as const, text: side.note }]),
    ];
    if (names.length < 2) return ofSide;
    return ofSide.map(({ severity, text }) => ({ severity, text: `${names[place]}: ${text}` }));
  });
  return worstFirst(found);
};
