import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/index.ts';
import { formatCount } from '../series/format.ts';
import {
  beyondWords,
  formatValue,
  type MeasureSeries,
  measureSeries,
  measureTable,
  seriesAxis,
} from '../series/measures.ts';
import { withDirection } from '../series/measureWords.ts';
import { withSigns } from '../series/signs.ts';
import { MANY_LAYERS } from '../series/spectra.ts';
import { nameAxis } from './axis.ts';
import { element } from './element.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { drawMeasurePanel, MEASURE_PANEL, type MeasurePanel } from './measurePanel.ts';

/** Where the value is if its panel draws it at the edge. */
const edgeWords = (series: MeasureSeries, index: number): string =>
  series.points[index].isInput ? beyondWords(seriesAxis(series).inputBeyond) : '';

const describe = (series: MeasureSeries, index: number): string => {
  const { measure } = series.points[index];
  if (measure?.value == null)
    return `${series.label} ${l10n.t('no value')}${measure?.note ? ` (${measure.note})` : ''}`;
  const about = [edgeWords(series, index), measure.note ?? ''].filter((words) => words !== '').join('; ');
  return `${series.label} ${formatValue(measure.value, series.unit)}${about === '' ? '' : ` (${about})`}`;
};

/** What the measures tell and which direction is better, and their formulas. */
const formulaList = (series: readonly MeasureSeries[]): HTMLElement =>
  element(
    'dl',
    { class: 'definitions' },
    series.map(({ label, meaning, better, definition }) => [
      element('dt', {}, label),
      element(
        'dd',
        {},
        withDirection(meaning, better),
        element('div', { class: 'formula' }, withSigns(definition)),
      ),
    ]),
  );

const describeEmpty = ({ label, points }: MeasureSeries): string =>
  `${label}: ${points.find(({ measure }) => measure?.note)?.measure?.note ?? l10n.t('not measured')}`;

interface Drawn {
  readonly series: readonly MeasureSeries[];
  readonly panels: readonly MeasurePanel[];
  /** The panel at a point of the drawing, and the px from its axis; null between panels. */
  at(x: number, y: number): { readonly panel: number; readonly x: number } | null;
}

/**
 * Every measure by layer, in one small panel each with what it tells; a cross marks a layer without a value, an arrow an
 * input that is far from all layers.
 */
export const drawMeasures = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let drawn: Drawn | null = null;
  const { selection } = options;
  const frame = openFrame(container, options, () => measureTable(data));
  const formulas = element('details', { class: 'behind' });
  frame.legend.after(formulas);
  const layers = (): string[] => data.layers.map((layer) => layer.name);
  const describeLayer = (series: readonly MeasureSeries[], index: number): string =>
    `${layers()[index]}: ${series.map((one) => describe(one, index)).join('; ')}.`;

  const summarise = (series: readonly MeasureSeries[]): string => {
    const { length } = layers();
    if (length <= MANY_LAYERS)
      return layers()
        .map((_, index) => describeLayer(series, index))
        .join(' ');
    return l10n.t(
      '{0} layers; use the arrow keys to read each one. First {1} Last {2}',
      formatCount(length),
      describeLayer(series, 0),
      describeLayer(series, length - 1),
    );
  };

  const render = (): void => {
    drawn = null;
    const all = measureSeries(data);
    const series = all.filter(({ points }) => points.some(({ measure }) => measure?.value != null));
    formulas.hidden = series.length === 0;
    if (series.length === 0) {
      frame.drawNothing(l10n.t('No measure has a value in this analysis.'));
      return;
    }
    const columns = Math.max(1, Math.floor(frame.width() / MEASURE_PANEL.least));
    const cell = frame.width() / columns;
    const width = cell - MEASURE_PANEL.left - MEASURE_PANEL.right;
    const names = nameAxis(layers(), width / layers().length);
    const height = MEASURE_PANEL.top + MEASURE_PANEL.height + names.height + 14;
    const svg = frame.draw(
      Math.ceil(series.length / columns) * height,
      `${options.title}. ${summarise(series)}`,
    );
    const panels = series.map((one, index) => {
      const left = (index % columns) * cell + MEASURE_PANEL.left;
      const top = Math.floor(index / columns) * height + MEASURE_PANEL.top;
      const group = svg.append('g').attr('transform', `translate(${left},${top})`);
      return drawMeasurePanel(group, one, width, names, selection.select);
    });
    const at: Drawn['at'] = (x, y) => {
      const [column, row] = [Math.floor(x / cell), Math.floor(y / height)];
      const panel = row * columns + column;
      const inside =
        y - row * height >= MEASURE_PANEL.top - 4 &&
        y - row * height <= MEASURE_PANEL.top + MEASURE_PANEL.height;
      return inside && column < columns && panel < series.length
        ? { panel, x: x - column * cell - MEASURE_PANEL.left }
        : null;
    };
    drawn = { series, panels, at };
    const empty = all.filter((one) => !series.includes(one));
    frame.legend.replaceChildren(
      empty.length === 0 ? '' : l10n.t('No value at any layer: {0}.', empty.map(describeEmpty).join('; ')),
    );
    formulas.replaceChildren(element('summary', {}, l10n.t('Show formulas')), formulaList(series));
    restyle();
  };

  const restyle = (): void => {
    if (!drawn) return;
    const index = layers().indexOf(selection.current() ?? '');
    for (const panel of drawn.panels) panel.mark(index);
    frame.announce(index < 0 ? '' : l10n.t('At {0}', describeLayer(drawn.series, index)));
  };

  const find = (x: number, y: number): { series: MeasureSeries; index: number } | null => {
    const place = drawn?.at(x, y);
    if (!drawn || !place) return null;
    const index = drawn.panels[place.panel].at(place.x);
    return index < 0 ? null : { series: drawn.series[place.panel], index };
  };
  frame.explainAt(
    (x, y) => {
      const found = find(x, y);
      if (!found) return null;
      const { series, index } = found;
      const told = [withDirection(series.meaning, series.better), withSigns(series.definition)];
      return [`${layers()[index]}: ${describe(series, index)}`, ...told.filter((line) => line !== '')];
    },
    (x, y) => {
      const found = find(x, y);
      if (found) selection.select(layers()[found.index]);
    },
  );
  frame.onKeys(layerKeys(selection, layers, 'horizontal'));
  return frame.open<Analysis>(
    render,
    (next) => {
      data = next;
    },
    restyle,
  );
};
