import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, ValueStatistics, WeightMeasure } from '../../../src/protocol/messages.ts';
import { element } from '../../figures/element.ts';
import { formatCount } from '../../series/format.ts';
import { withSigns } from '../../series/signs.ts';
import { boundWords, errorWords } from '../series/cell.ts';
import type { LayerFigureData } from '../series/figureData.ts';
import { formatMeasure, formatShare, WEIGHT_MEASURES } from '../series/words.ts';

type Definitions = Readonly<Partial<Record<WeightMeasure, string>>>;

const spectraOf = ({ sides }: LayerFigureData): (LayerSpectrum | null)[] =>
  sides.map(({ measured }) => measured?.spectrum ?? null);

const heading = ({ sides }: LayerFigureData, first: string, last: readonly string[]): HTMLElement => {
  const values = sides.length > 1 ? sides.map(({ name }) => name) : [l10n.t('value')];
  const names = [first, ...values, ...last];
  return element(
    'thead',
    {},
    element(
      'tr',
      {},
      names.map((name) => element('th', { scope: 'col' }, name)),
    ),
  );
};

const valueCell = (spectrum: LayerSpectrum | null, key: WeightMeasure): HTMLElement => {
  const measure = spectrum?.metrics[key];
  if (!spectrum || !measure) return element('td', { class: 'number' }, '–');
  if (measure.above !== undefined) {
    const bound = element('td', { class: 'number', title: measure.note ?? '' }, boundWords(measure.above));
    bound.append(element('span', { class: 'about' }, measure.note ?? ''));
    return bound;
  }
  if (measure.value === null) return element('td', { class: 'reason' }, measure.note ?? l10n.t('no value'));
  const estimated = spectrum.method === 'estimate';
  const about = [errorWords(spectrum, key), measure.note ?? ''].filter((part) => part !== '').join('; ');
  const text = `${estimated ? '≈ ' : ''}${formatMeasure(measure.value)}`;
  const cell = element('td', { class: 'number', title: String(measure.value) }, text);
  if (about !== '') cell.append(element('span', { class: 'about' }, about));
  return cell;
};

/** The measures of a layer with their meanings and definitions; unmeasured ones are left out. */
export const measureTable = (data: LayerFigureData, definitions: Definitions): HTMLElement => {
  const spectra = spectraOf(data);
  const keys = Object.keys(WEIGHT_MEASURES) as WeightMeasure[];
  const shown = keys.filter((key) => spectra.some((spectrum) => spectrum?.metrics[key]));
  const rows = shown.map((key) => {
    const { label, meaning } = WEIGHT_MEASURES[key];
    const definition = definitions[key];
    const words = element('td', { class: 'meaning' }, meaning);
    if (definition !== undefined) words.append(element('span', { class: 'about' }, withSigns(definition)));
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, label),
      spectra.map((spectrum) => valueCell(spectrum, key)),
      words,
    );
  });
  const head = heading(data, l10n.t('measure'), [l10n.t('meaning')]);
  return element('table', { class: 'measures' }, head, element('tbody', {}, rows));
};

const STATISTICS: readonly { label: string; value: (statistics: ValueStatistics) => string }[] = [
  { label: l10n.t('values'), value: ({ count }) => formatCount(count) },
  { label: l10n.t('smallest'), value: ({ min }) => numberOf(min) },
  { label: l10n.t('largest'), value: ({ max }) => numberOf(max) },
  { label: l10n.t('mean'), value: ({ mean }) => numberOf(mean) },
  { label: l10n.t('standard deviation'), value: ({ standardDeviation }) => numberOf(standardDeviation) },
  { label: l10n.t('NaN'), value: ({ nan, count }) => counted(nan, count) },
  { label: l10n.t('infinite'), value: ({ infinite, count }) => counted(infinite, count) },
  { label: l10n.t('zeros'), value: ({ zero, count }) => counted(zero, count) },
];

const numberOf = (value: number | null): string => (value === null ? '–' : formatMeasure(value));

const counted = (count: number, all: number): string =>
  count === 0 ? '0' : l10n.t('{0} ({1})', formatCount(count), formatShare(count / Math.max(1, all)));

/** The values themselves: range, moments of the finite ones, and how many are NaN, infinite or zero. */
export const statisticsTable = (data: LayerFigureData): HTMLElement => {
  const spectra = spectraOf(data);
  const rows = STATISTICS.map(({ label, value }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, label),
      spectra.map((one) => element('td', { class: 'number' }, one ? value(one.statistics) : '–')),
    ),
  );
  return element(
    'table',
    { class: 'statistics' },
    heading(data, l10n.t('of the weights'), []),
    element('tbody', {}, rows),
  );
};
