import * as l10n from '@vscode/l10n';
import {
  WEIGHT_MEASURES as ENTRIES,
  type LayerKind,
  WEIGHT_MEASURE_KEYS,
  type WeightMeasure,
} from '../../../src/protocol/index.ts';
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
}

/** The words of every measure of a weight matrix, in reading order. */
export const WEIGHT_MEASURES = Object.fromEntries(
  Object.entries(ENTRIES).map(([key, { label, meaning, better }]): [string, MeasureWords] => [
    key,
    { label: translated(label), meaning: withDirection(translated(meaning), better) },
  ]),
) as Readonly<Record<WeightMeasure, MeasureWords>>;

/** A column of the table of layers for a measure. */
interface MeasureColumn {
  readonly key: WeightMeasure;
  readonly heading: string;
  /** Px. */
  readonly width: number;
}

/** Number and error; short counts. Headings need 7 px a character. */
const WIDTHS: Readonly<Partial<Record<WeightMeasure, number>>> = {
  alpha: 116,
  numericalRankStored: 64,
  spikes: 70,
  aboveShuffled: 88,
};

/** In the order of the columns. */
export const MEASURE_COLUMNS: readonly MeasureColumn[] = [false, true].flatMap((last) =>
  WEIGHT_MEASURE_KEYS.flatMap((key): MeasureColumn[] => {
    const { column, rarelyNeeded = false } = ENTRIES[key];
    if (column === undefined || rarelyNeeded !== last) return [];
    const heading = translated(column);
    return [{ key, heading, width: WIDTHS[key] ?? Math.max(104, 28 + 7 * heading.length) }];
  }),
);

export const formatShape = (shape: readonly number[]): string =>
  shape.length === 0 ? l10n.t('scalar') : shape.join(' × ');
