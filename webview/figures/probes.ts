import { scaleLinear, scalePoint } from 'd3';
import type { Analysis, ProbeMethod } from '../../src/protocol/index.ts';
import {
  type AccuracyPoint,
  type AccuracySeries,
  accuracySeries,
  accuracyTable,
  bestPoint,
  evaluationSets,
  METHOD_LABELS,
  probeMethods,
  probeTasks,
} from '../series/accuracy.ts';
import { formatCount, formatInterval, formatPercent } from '../series/format.ts';
import { drawLeftAxis, drawNames, nameAxis, numberTicks } from './axis.ts';
import { addChoice, addToggle } from './controls.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { drawLayerColumns } from './layerColumns.ts';
import { drawSeries } from './probeSeries.ts';
import { drawTaskLegend } from './taskLegend.ts';

const HEIGHT = 300;
/** Px between the marks of two tasks at one layer, so that their intervals do not cover each other. */
const DODGE = 7;

const describePoint = (task: string, point: AccuracyPoint): string => {
  const { evaluation, note } = point;
  if (!evaluation || evaluation.accuracy === null) return `${task}: ${note ?? 'no value'}`;
  const interval = evaluation.interval ? ` (95 % interval ${formatInterval(evaluation.interval)})` : '';
  const { worstGroup } = evaluation;
  const worst =
    worstGroup?.accuracy == null
      ? ''
      : `, worst group ${worstGroup.group}: ${formatPercent(worstGroup.accuracy)} of ${formatCount(worstGroup.samples)} samples`;
  return `${task} ${formatPercent(evaluation.accuracy)}${interval}, ${formatCount(evaluation.samples)} samples${worst}`;
};

/** Probe accuracy by layer with 95 % intervals; the worst group dashed, the shuffled-label null as a band. */
export const drawProbes = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  let method: ProbeMethod = probeMethods(analysis)[0] ?? 'logistic-standardised';
  let on = evaluationSets(analysis)[0] ?? 'test';
  let fromZero = false;
  const hidden = new Set<string>();
  const { selection } = options;
  const frame = openFrame(container, options, () => accuracyTable(data));
  const layers = (): string[] => data.layers.map((layer) => layer.name);

  const render = (): void => {
    const tasks = probeTasks(data);
    if (tasks.length === 0) {
      frame.drawNothing('No probes were fitted in this analysis.');
      return;
    }
    const every = accuracySeries(data, method, on);
    const shown = every.filter(({ task }) => !hidden.has(task));
    const right = 16;
    const step = (frame.width() - 60) / layers().length;
    const names = nameAxis(layers(), step);
    const left = Math.max(48, Math.min(names.slanted ? names.overhang - step / 2 + 8 : 48, 110));
    const width = frame.width() - left - right;
    const x = scalePoint(layers(), [0, width]).padding(0.5);
    const low = fromZero ? 0 : lowest(shown);
    const y = scaleLinear([low, 1], [HEIGHT, 0]);
    const summary = every.map((series) => {
      const best = bestPoint(series);
      return best
        ? `Best at ${best.layer} for ${describePoint(series.task, best)}`
        : `${series.task}: no probe`;
    });
    const svg = frame.draw(
      HEIGHT + names.height + 36,
      `${options.title}, ${METHOD_LABELS[method]}, on ${on}. ${summary.join('. ')}.`,
    );
    const plot = svg.append('g').attr('transform', `translate(${left},26)`);
    const percent = (value: number): string => `${Math.round(100 * value)} %`;
    const current = selection.current();
    drawLayerColumns(plot, x, HEIGHT, frame, selection, (index) => [
      layers()[index],
      ...shown.map(({ task, points }) => describePoint(task, points[index])),
    ]);
    drawLeftAxis(plot, numberTicks('linear', [low, 1], y, 6, percent), width, `accuracy on ${on}`);
    for (const series of shown) {
      const index = tasks.indexOf(series.task);
      const offset = (index - (tasks.length - 1) / 2) * Math.min(DODGE, x.step() / (tasks.length + 1));
      drawSeries(
        plot.append('g').attr('class', 'series'),
        series,
        index,
        (layer) => (x(layer) ?? 0) + offset,
        y,
      );
    }
    const ticks = layers().map((label) => ({ position: x(label) ?? 0, label, strong: label === current }));
    const axis = plot.append('g').attr('transform', `translate(0,${HEIGHT})`);
    drawNames(axis, ticks, names, (index) => selection.select(layers()[index]));
    drawTaskLegend(frame.legend, every, hidden, render);
    const chosen = layers().indexOf(current ?? '');
    frame.announce(
      chosen < 0
        ? ''
        : `At ${current}: ${shown.map(({ task, points }) => describePoint(task, points[chosen])).join('; ')}.`,
    );
  };

  addChoice(
    frame.controls,
    'Measured on',
    evaluationSets(data).map((value) => ({
      value,
      label: value === 'test' ? 'test split' : `shift: ${value}`,
    })),
    (value) => {
      on = value;
      render();
    },
  );
  addChoice(
    frame.controls,
    'Probe',
    probeMethods(data).map((value) => ({ value, label: METHOD_LABELS[value] })),
    (value) => {
      method = value;
      render();
    },
  );
  addToggle(frame.controls, 'from 0 %', fromZero, (value) => {
    fromZero = value;
    render();
  });
  frame.onKeys(layerKeys(selection, layers, 'horizontal'));
  return frame.open<Analysis>(render, (next) => {
    data = next;
  });
};

/** The lowest tenth below everything that is drawn. */
const lowest = (series: readonly AccuracySeries[]): number => {
  const values = series.flatMap(({ points }) =>
    points.flatMap(({ evaluation, shuffled }) => [
      evaluation?.interval?.[0] ?? 1,
      evaluation?.worstGroup?.interval?.[0] ?? 1,
      shuffled?.[0] ?? 1,
    ]),
  );
  return Math.max(0, Math.min(0.9, Math.floor(10 * Math.min(1, ...values)) / 10));
};
