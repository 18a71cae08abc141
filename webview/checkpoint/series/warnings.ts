import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, TensorHealth } from '../../../src/protocol/index.ts';
import { healthWarnings, type SideHealth } from './health.ts';
import type { LayerRow, MeasuredOf } from './rows.ts';
import { formatMeasure } from './words.ts';

/** WeightWatcher calls a layer over-trained below and under-trained above (Martin, Peng and Mahoney 2021). */
const OVER_TRAINED = 2;
const UNDER_TRAINED = 6;
/** With fewer eigenvalues in the tail, the exponent is only a guide. */
const ENOUGH_TAIL = 50;

const alphaWarnings = ({ metrics }: LayerSpectrum): string[] => {
  const alpha = metrics.alpha?.value ?? null;
  const tail = metrics.tail?.value ?? 0;
  if (alpha === null || tail < ENOUGH_TAIL) return [];
  const printed = formatMeasure(alpha, 3);
  if (alpha < OVER_TRAINED) return [l10n.t('α = {0} is below 2: may be over-trained', printed)];
  if (alpha > UNDER_TRAINED) return [l10n.t('α = {0} is above 6: may be under-trained', printed)];
  return [];
};

/** What needs attention in a layer, each in a few words; none for a layer in order. */
export const spectrumWarnings = (spectrum: LayerSpectrum, health?: TensorHealth): string[] => [
  ...healthWarnings(health),
  ...alphaWarnings(spectrum),
];

/** The warnings of a layer; with two checkpoints, each has its name. */
export const rowWarnings = (
  row: LayerRow,
  measuredOf: MeasuredOf,
  names: readonly string[],
  health: readonly Pick<SideHealth, 'byName'>[] = [],
): string[] =>
  row.sides.flatMap((side, place) => {
    if (!side) return [];
    const spectrum = measuredOf(place, row.name)?.spectrum;
    const found = [
      ...(side.note === undefined ? [] : [side.note]),
      ...(spectrum ? spectrumWarnings(spectrum, health[place]?.byName.get(row.name)) : []),
    ];
    return names.length < 2 ? found : found.map((warning) => `${names[place]}: ${warning}`);
  });
