import * as l10n from '@vscode/l10n';
import {
  WEIGHT_MEASURES as ENTRIES,
  type LayerKind,
  WEIGHT_MEASURE_KEYS,
  type WeightMeasure,
} from '../../../src/protocol/messages.ts';
import { translated, withDirection } from '../../series/measureWords.ts';

export { formatNumber as formatMeasure, formatShare } from '../../series/format.ts';

export const KIND_LABELS: Readonly<Record<LayerKind, string>> = {
  dense: l10n.t('dense'),
  convolution: l10n.t('convolution'),
  embedding: l10n.t('embedding'),
  attention: l10n.t('attention'),
  recurrent: l10n.t('recurrent'),
};

interface MeasureWords {
  readonly label: string;
  /** Its meaning, in a sentence, and which direction is better where one is. */
  readonly meaning: string;
  /** Of its column in the table of layers: a heading and a width in px. */
  readonly column: { readonly label: string; readonly width: number };
}

/** Number and error; short counts. Headings need 7 px a character. */
const WIDTHS: Readonly<Partial<Record<WeightMeasure, number>>> = {
  alpha: 116,
  alphaError: 84,
  ksDistance: 84,
  tail: 64,
  matrixEntropy: 84,
  numericalRank: 92,
  numericalRankStored: 64,
  spikes: 70,
  aboveShuffled: 88,
};

const widthOf = (key: WeightMeasure, heading: string): number =>
  WIDTHS[key] ?? Math.max(104, 28 + 7 * heading.length);

/** The words of every measure of a weight matrix, in reading order. */
export const WEIGHT_MEASURES = Object.fromEntries(
  WEIGHT_MEASURE_KEYS.map((key): [string, MeasureWords] => {
    const { label, meaning, better, column } = ENTRIES[key];
    const heading = translated(column);
    return [
      key,
      {
        label: translated(label),
        meaning: withDirection(translated(meaning), better),
        column: { label: heading, width: widthOf(key, heading) },
      },
    ];
  }),
) as Readonly<Record<WeightMeasure, MeasureWords>>;

export const formatShape = (shape: readonly number[]): string =>
  shape.length === 0 ? l10n.t('scalar') : shape.join(' × ');
