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
import { type Figure, type FigureOptions, openFrame } from './frame.ts';
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

  const draw = (): DrawnLayers | null => {
    const all = measureSeries(data);
    const series = all.filter(({ points }) => points.some(({ measure }) => measure?.value != null));
    formulas.hidden = series.length === 0;
    if (series.length === 0) {
      frame.drawNothing(l10n.t('No measure has a value in this analysis.'));
      return null;
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
    /** The panel at a point of the drawing, and the px from its axis; null between panels. */
    const panelAt = (x: number, y: number): { readonly panel: number; readonly left: number } | null => {
      const [column, row] = [Math.floor(x / cell), Math.floor(y / height)];
      const panel = row * columns + column;
      const inside =
        y - row * height >= MEASURE_PANEL.top - 4 &&
        y - row * height <= MEASURE_PANEL.top + MEASURE_PANEL.height;
      return inside && column < columns && panel < series.length
        ? { panel, left: x - column * cell - MEASURE_PANEL.left }
        : null;
    };
    const empty = all.filter((one) => !series.includes(one));
    frame.legend.replaceChildren(
      empty.length === 0 ? '' : l10n.t('No value at any layer: {0}.', empty.map(describeEmpty).join('; ')),
    );
    formulas.replaceChildren(element('summary', {}, l10n.t('Show formulas')), formulaList(series));
    return {
      layers: layers(),
      at: (x, y) => {
        const place = panelAt(x, y);
        return place === null ? -1 : panels[place.panel].at(place.left);
      },
      mark: (index) => {
        for (const panel of panels) panel.mark(index);
      },
      readout: (index) => l10n.t('At {0}', describeLayer(series, index)),
      tooltip: (index, x, y) => tooltip(layers()[index], series[panelAt(x, y)?.panel ?? 0], index),
    };
  };

  return openLayerAxisFigure<Analysis>(frame, selection, draw, (next) => {
    data = next;
  });
};

const tooltip = (layer: string, series: MeasureSeries, index: number): readonly string[] => {
  const told = [withDirection(series.meaning, series.better), withSigns(series.definition)];
  return [`${layer}: ${describe(series, index)}`, ...told.filter((line) => line !== '')];
};
