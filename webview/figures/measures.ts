import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../src/protocol/messages.ts';
import { formatCount } from '../series/format.ts';
import {
  beyondWords,
  formatMeasure,
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
import { type Figure, type FigureOptions, type Frame, openFrame } from './frame.ts';
import { type DrawnLayers, openLayerAxisFigure } from './layerAxisFigure.ts';
import { drawMeasurePanel, MEASURE_PANEL } from './measurePanel.ts';

/** Where the value is if its panel draws it at the edge. */
const edgeWords = (series: MeasureSeries, index: number): string =>
  series.points[index].isInput ? beyondWords(seriesAxis(series).inputBeyond) : '';

const describe = (series: MeasureSeries, index: number): string => {
  const { measure } = series.points[index];
  if (measure?.value == null)
    return `${series.label} ${l10n.t('no value')}${measure?.note ? ` (${measure.note})` : ''}`;
  const about = [edgeWords(series, index), measure.note ?? ''].filter((words) => words !== '').join('; ');
  return `${series.label} ${formatMeasure(measure, series.unit)}${about === '' ? '' : ` (${about})`}`;
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

const describeLayer = (layer: string, series: readonly MeasureSeries[], index: number): string =>
  `${layer}: ${series.map((one) => describe(one, index)).join('; ')}.`;

const summarise = (layers: readonly string[], series: readonly MeasureSeries[]): string => {
  const { length } = layers;
  if (length <= MANY_LAYERS)
    return layers.map((layer, index) => describeLayer(layer, series, index)).join(' ');
  return l10n.t(
    '{0} layers; use the arrow keys to read each one. First {1} Last {2}',
    formatCount(length),
    describeLayer(layers[0], series, 0),
    describeLayer(layers[length - 1], series, length - 1),
  );
};

/** Panels in rows over the width; all lengths in px. */
interface Panels {
  readonly columns: number;
  /** Size of a panel with its margins. */
  readonly width: number;
  readonly height: number;
}

/** The panel at a point of the drawing, and the px from its axis; null between panels. */
const panelAt = (
  { columns, width, height }: Panels,
  x: number,
  y: number,
): { readonly panel: number; readonly left: number } | null => {
  const [column, row] = [Math.floor(x / width), Math.floor(y / height)];
  const down = y - row * height;
  const inside = down >= MEASURE_PANEL.top - 4 && down <= MEASURE_PANEL.top + MEASURE_PANEL.height;
  if (!inside || column >= columns) return null;
  return { panel: row * columns + column, left: x - column * width - MEASURE_PANEL.left };
};

const tooltip = (layer: string, series: MeasureSeries, index: number): readonly string[] => {
  const told = [withDirection(series.meaning, series.better), withSigns(series.definition)];
  return [`${layer}: ${describe(series, index)}`, ...told.filter((line) => line !== '')];
};

const drawPanels = (
  frame: Frame,
  layers: readonly string[],
  series: readonly MeasureSeries[],
  { title, selection }: FigureOptions,
): DrawnLayers => {
  const columns = Math.max(1, Math.floor(frame.width() / MEASURE_PANEL.least));
  const cell = frame.width() / columns;
  const width = cell - MEASURE_PANEL.left - MEASURE_PANEL.right;
  const names = nameAxis(layers, width / layers.length);
  const height = MEASURE_PANEL.top + MEASURE_PANEL.height + names.height + 14;
  const places: Panels = { columns, width: cell, height };
  const svg = frame.draw(
    Math.ceil(series.length / columns) * height,
    `${title}. ${summarise(layers, series)}`,
  );
  const panels = series.map((one, index) => {
    const left = (index % columns) * cell + MEASURE_PANEL.left;
    const top = Math.floor(index / columns) * height + MEASURE_PANEL.top;
    const group = svg.append('g').attr('transform', `translate(${left},${top})`);
    return drawMeasurePanel(group, one, width, names, selection.select);
  });
  return {
    layers,
    at: (x, y) => {
      const place = panelAt(places, x, y);
      return place === null ? -1 : (panels[place.panel]?.at(place.left) ?? -1);
    },
    mark: (index) => {
      for (const panel of panels) panel.mark(index);
    },
    readout: (index) => l10n.t('At {0}', describeLayer(layers[index], series, index)),
    tooltip: (index, x, y) => tooltip(layers[index], series[panelAt(places, x, y)?.panel ?? 0], index),
  };
};

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
  const frame = openFrame(container, options, () => measureTable(data));
  const formulas = element('details', { class: 'behind' });
  frame.legend.after(formulas);
  const draw = (): DrawnLayers | null => {
    const all = measureSeries(data);
    const series = all.filter(({ points }) => points.some(({ measure }) => measure?.value != null));
    formulas.hidden = series.length === 0;
    if (series.length === 0) {
      frame.drawNothing(l10n.t('No measure has a value in this analysis.'));
      return null;
    }
    const layers = data.layers.map(({ name }) => name);
    const drawn = drawPanels(frame, layers, series, options);
    const empty = all.filter((one) => !series.includes(one));
    frame.legend.replaceChildren(
      empty.length === 0 ? '' : l10n.t('No value at any layer: {0}.', empty.map(describeEmpty).join('; ')),
    );
    formulas.replaceChildren(element('summary', {}, l10n.t('Show formulas')), formulaList(series));
    return drawn;
  };
  return openLayerAxisFigure<Analysis>(frame, options.selection, draw, (next) => {
    data = next;
  });
};
