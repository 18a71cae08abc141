import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, WeightMeasure } from '../../../src/protocol/messages.ts';
import type { LayerRow, Measured, MeasuredOf } from './rows.ts';
import { formatMeasure } from './words.ts';

/** A cell of the table of layers: its text, its sort key, and the sentence that explains it. */
export interface LayerCell {
  readonly text: string;
  /** Null is last in both directions. */
  readonly sort: number | string | null;
  readonly detail: string;
  readonly state: 'value' | 'estimate' | 'waiting' | 'failed' | 'none';
}

export const textCell = (text: string, sort: number | string = text): LayerCell => ({
  text,
  sort,
  detail: text,
  state: 'value',
});

export const NO_CELL: LayerCell = { text: '', sort: null, detail: '', state: 'none' };

const WAITING: LayerCell = {
  text: '…',
  sort: null,
  detail: l10n.t('not measured yet'),
  state: 'waiting',
};

export const failedCell = (reason: string): LayerCell => ({
  text: reason,
  sort: null,
  detail: reason,
  state: 'failed',
});

/** Words for a value that is only known to exceed a bound. */
export const boundWords = (above: number): string => `> ${formatMeasure(above, 2)}`;

/** Such a value is sorted at its bound. */
const boundCell = (above: number, detail: string): LayerCell => ({
  text: boundWords(above),
  sort: above,
  detail,
  state: 'value',
});

/** A cell of the spectrum at an index, or what is shown while there is none. */
export const spectrumCell = (
  row: LayerRow,
  place: number,
  measuredOf: MeasuredOf,
  cell: (spectrum: LayerSpectrum) => LayerCell,
): LayerCell => {
  if (!row.sides[place]) return NO_CELL;
  const measured: Measured | null = measuredOf(place, row.name);
  if (!measured) return WAITING;
  return measured.spectrum ? cell(measured.spectrum) : failedCell(measured.problem ?? l10n.t('not measured'));
};

/** The error of an estimate, in words; empty for an exact spectrum. */
export const errorWords = ({ error }: LayerSpectrum, key: WeightMeasure): string => {
  if (!error) return '';
  const first = error.values[0];
  if (key === 'spectralNorm' && first !== undefined)
    return l10n.t('estimate, within {0}', formatMeasure(first, 2));
  return l10n.t(
    'estimate, from a distribution that is accurate within {0}',
    formatMeasure(error.distribution, 2),
  );
};

/** One measure of a spectrum: its value, marked when it is an estimate, or the reason why there is none. */
export const measureCell = (spectrum: LayerSpectrum, key: WeightMeasure): LayerCell => {
  const measure = spectrum.metrics[key];
  if (!measure) return { ...NO_CELL, text: '–', detail: l10n.t('not measured') };
  if (measure.above !== undefined) return boundCell(measure.above, measure.note ?? '');
  if (measure.value === null) return failedCell(measure.note ?? l10n.t('no value'));
  const estimated = spectrum.method === 'estimate';
  const error = key === 'alpha' ? (spectrum.metrics.alphaError?.value ?? null) : null;
  const printed = formatMeasure(measure.value, key === 'alpha' ? 3 : 4);
  const value = error === null ? printed : `${printed} ± ${formatMeasure(error, 2)}`;
  const about = [value, errorWords(spectrum, key), measure.note ?? ''].filter((part) => part !== '');
  return {
    text: `${estimated ? '≈ ' : ''}${value}${measure.note === undefined ? '' : ' *'}`,
    sort: measure.value,
    detail: about.join('; '),
    state: estimated ? 'estimate' : 'value',
  };
};
