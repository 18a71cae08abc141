import * as l10n from '@vscode/l10n';
import { type ScalePoint, scalePoint } from 'd3';
import {
  formatCount,
  formatInterval,
  formatNumber,
  formatPercent,
  formatRoundPercent,
} from '../series/format.ts';
import { beyondWords, type MeasureAxis } from '../series/measures.ts';
import { namesUnderAxis } from '../series/nameLayout.ts';
import { type Quantity, sharedQuantities } from '../series/quantities.ts';
import {
  groupRuns,
  type LayerMean,
  layerMeans,
  type MeanRun,
  meansAxis,
  type RunGroup,
  runMeansTable,
} from '../series/runMeans.ts';
import { drawLeftAxis } from './axis.ts';
import { addChoice, addToggle, type Choice } from './controls.ts';
import { element, fill } from './element.ts';
import { drawBeyond, type FittedScale, fittedScale } from './fittedScale.ts';
import { type Figure, type FigureOptions, type Frame, type Group, openFrame } from './frame.ts';
import { drawIntervalLine, drawLine, isDense, type PlacedValue, seriesSwatch } from './intervalLine.ts';
import { type DrawnLayers, openLayerAxisFigure } from './layerAxisFigure.ts';
import { drawLayerStrip, layerAt } from './layerColumns.ts';
import { drawLayerNames } from './layerNames.ts';
import { seriesStyle } from './palette.ts';

const MARGIN = { left: 58, right: 16, top: 26 };
const HEIGHT = 300;
/** Most px between the marks of two groups at one layer, so that their intervals do not cover each other. */
const DODGE = 9;
/** Runs that are read out one by one. */
const MOST_READ = 12;

/** A quantity of all groups. */
interface Means {
  readonly quantity: Quantity;
  readonly groups: readonly RunGroup[];
  /** Of each group, by layer. */
  readonly means: readonly (readonly LayerMean[])[];
  readonly axis: MeasureAxis;
}

const meansOf = (quantity: Quantity, groups: readonly RunGroup[]): Means => {
  const means = groups.map((group) => layerMeans(quantity, group));
  return { quantity, groups, means, axis: meansAxis(quantity, means) };
};

const describeMean = (name: string, found: LayerMean, unit: Quantity['unit']): string => {
  const format = unit === 'accuracy' ? formatPercent : formatNumber;
  if (found.mean === null) return l10n.t('{0}: no value', name);
  if (found.interval === null) return l10n.t('{0}: {1} (1 run)', name, format(found.mean));
  const interval =
    unit === 'accuracy'
      ? formatInterval(found.interval)
      : l10n.t('{0} to {1}', ...(found.interval.map(format) as [string, string]));
  return l10n.t(
    '{0}: mean {1} (95 % interval {2}, {3} runs)',
    name,
    format(found.mean),
    interval,
    formatCount(found.values.length),
  );
};

/** What is known at a layer, by group: `demo: mean 62.1 % (95 % interval 60.3 – 63.9 %, 5 runs)`. */
const describeLayer = ({ quantity, groups, means, axis }: Means, index: number): string[] => {
  const beyond = quantity.rows[index].isInput ? beyondWords(axis.inputBeyond) : '';
  const lines = groups.map(({ name }, place) => describeMean(name, means[place][index], quantity.unit));
  return beyond === '' ? lines : [...lines, beyond];
};

interface Axes {
  readonly x: ScalePoint<string>;
  readonly scale: FittedScale;
  /** Whether each run is drawn behind the mean. */
  readonly showRuns: boolean;
}

/** The runs of a group as thin lines, and their mean with its interval. */
const drawGroup = (
  plot: Group,
  { quantity, groups, means }: Means,
  place: number,
  { x, scale, showRuns }: Axes,
): void => {
  const style = seriesStyle(place);
  const dodge = Math.min(DODGE, x.step() / (groups.length + 1));
  const offset = (place - (groups.length - 1) / 2) * dodge;
  const isBeyond = ({ isInput }: Quantity['rows'][number]): boolean => isInput && scale.edge !== null;
  const placed = (
    found: (index: number) => { readonly value: number | null; readonly interval: LayerMean['interval'] },
  ): PlacedValue[] =>
    quantity.rows.map((row, index) => {
      const { value, interval } = found(index);
      const y = (one: number): number => scale.place(one, row.isInput);
      const isDrawn = value !== null && !isBeyond(row);
      return {
        x: (x(row.layer) ?? 0) + offset,
        y: isDrawn ? y(value) : null,
        interval: isDrawn && interval !== null ? [y(interval[0]), y(interval[1])] : null,
      };
    });
  const group = plot.append('g').attr('class', 'series');
  const { members } = groups[place];
  if (showRuns && members.length > 1)
    for (const run of members) {
      const values = placed((index) => ({ value: quantity.rows[index].values[run].value, interval: null }));
      drawLine(group, style, values, 'line run');
    }
  const mean = placed((index) => ({
    value: means[place][index].mean,
    interval: means[place][index].interval,
  }));
  drawIntervalLine(group, style, mean, x.step());
};

/** The arrow at the input whose values are far from all others, with the means that are there. */
const drawInputBeyond = (
  plot: Group,
  { quantity, means }: Means,
  { x, scale }: Axes,
  format: (value: number) => string,
): void => {
  const input = quantity.rows.findIndex(({ isInput }) => isInput);
  if (scale.edge === null || input < 0) return;
  const numbers = means.flatMap((ofGroup) => ofGroup[input].mean ?? []);
  drawBeyond(plot, x(quantity.rows[input].layer) ?? 0, scale.edge, numbers.map(format).join(' / '));
};

const drawMeans = (
  frame: Frame,
  runs: readonly MeanRun[],
  quantity: Quantity,
  { title, selection, showRuns }: FigureOptions & Pick<Axes, 'showRuns'>,
): DrawnLayers => {
  const means = meansOf(quantity, groupRuns(runs));
  const names = quantity.rows.map(({ layer }) => layer);
  const { left, axis: layout } = namesUnderAxis(names, frame.width(), MARGIN.left, MARGIN.right);
  const width = frame.width() - left - MARGIN.right;
  const x = scalePoint(names, [0, width]).padding(0.5);
  const told = [0, names.length - 1].map(
    (index) => `${names[index]}: ${describeLayer(means, index).join('; ')}.`,
  );
  const svg = frame.draw(
    MARGIN.top + HEIGHT + layout.height + 8,
    `${title}. ${quantity.label}. ${l10n.t('{0} layers.', formatCount(names.length))} ${told.join(' ')}`,
  );
  const plot = svg.append('g').attr('transform', `translate(${left},${MARGIN.top})`);
  const strip = drawLayerStrip(plot, x, HEIGHT);
  const format = quantity.unit === 'accuracy' ? formatRoundPercent : formatNumber;
  const axes: Axes = { x, scale: fittedScale(means.axis, HEIGHT, 6, format), showRuns };
  drawLeftAxis(plot, axes.scale.ticks, width, quantity.label);
  means.groups.forEach((_, place) => {
    drawGroup(plot, means, place, axes);
  });
  drawInputBeyond(plot, means, axes, format);
  const below = plot.append('g').attr('transform', `translate(0,${HEIGHT})`);
  const markName = drawLayerNames(below, x, layout, selection.select);
  const isWhole = runs.every(({ analysis }) => analysis.layers.length === names.length);
  fill(frame.legend, legend(means, { dense: isDense(x.step()), showRuns, isWhole }));
  return {
    layers: names,
    at: (px, py) => (py >= MARGIN.top && py <= MARGIN.top + HEIGHT ? layerAt(x, px - left) : -1),
    mark: (index) => {
      strip(index);
      markName(index);
    },
    readout: (index) => l10n.t('At {0}: {1}.', names[index], describeLayer(means, index).join('; ')),
    tooltip: (index) => [names[index], ...describeLayer(means, index), ...eachRun(runs, means, index)],
  };
};

/** Every quantity by layer as the mean over runs that differ only in their seed, with its 95 % interval. */
export const drawRunMeans = (
  container: HTMLElement,
  runs: readonly MeanRun[],
  options: FigureOptions,
): Figure<readonly MeanRun[]> => {
  let data = runs;
  let quantities = sharedQuantities(runs.map(({ analysis }) => analysis));
  let key = quantities[0]?.key ?? '';
  let showRuns = true;
  const frame = openFrame(container, options, () => runMeansTable(data));
  const draw = (): DrawnLayers | null => {
    const quantity = quantities.find((one) => one.key === key) ?? quantities[0];
    if (quantity) return drawMeans(frame, data, quantity, { ...options, showRuns });
    frame.drawNothing(l10n.t('These runs have no layer with the same measure.'));
    return null;
  };
  const choices = (): Choice<string>[] => quantities.map(({ key: value, label }) => ({ value, label }));
  const figure = openLayerAxisFigure<readonly MeanRun[]>(frame, options.selection, draw, (next) => {
    data = next;
    quantities = sharedQuantities(next.map(({ analysis }) => analysis));
    list.offer(choices(), key);
  });
  const list = addChoice(frame.controls, l10n.t('Quantity'), choices(), (value) => {
    key = value;
    figure.redraw();
  });
  addToggle(frame.controls, l10n.t('each run'), showRuns, (value) => {
    showRuns = value;
    figure.redraw();
  });
  return figure;
};

/** The groups, and what lines, whiskers and bands are. */
const legend = (
  { groups }: Means,
  { dense, showRuns, isWhole }: Readonly<Record<'dense' | 'showRuns' | 'isWhole', boolean>>,
): (HTMLElement | string)[] => {
  const interval = dense
    ? l10n.t('Bands: 95 % intervals of the mean over runs (Student’s t).')
    : l10n.t('Bars: 95 % intervals of the mean over runs (Student’s t).');
  const runs = showRuns ? [l10n.t('Thin lines: each run.')] : [];
  const alone = groups.some(({ members }) => members.length === 1)
    ? [l10n.t('A single run has no interval.')]
    : [];
  const entries = groups.map(({ name, members }, place) =>
    element(
      'span',
      { class: 'entry' },
      seriesSwatch(place),
      members.length === 1 ? l10n.t('{0} (1 run)', name) : l10n.t('{0} ({1} runs)', name, members.length),
    ),
  );
  const shared = isWhole ? [] : [l10n.t('Layers that some run lacks are left out.')];
  return [...entries, element('span', { class: 'note' }, [interval, ...runs, ...alone, ...shared].join(' '))];
};

/** The value of each run, if they are few. */
const eachRun = (runs: readonly MeanRun[], { quantity, means }: Means, index: number): string[] => {
  const format = quantity.unit === 'accuracy' ? formatPercent : formatNumber;
  const values = means.flatMap((ofGroup) => ofGroup[index].values);
  if (values.length > MOST_READ) return [];
  return values.map(({ run, value }) =>
    l10n.t('{0}, seed {1}: {2}', runs[run].name, String(runs[run].analysis.seed), format(value)),
  );
};
