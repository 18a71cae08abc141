import * as l10n from '@vscode/l10n';
import { scaleLinear, scalePoint } from 'd3';
import type { Analysis, ProbeMethod } from '../../src/protocol/index.ts';
import {
  accuracySeries,
  accuracyTable,
  bestPoint,
  evaluationSets,
  METHOD_LABELS,
  probeMethods,
  probeTasks,
} from '../series/accuracy.ts';
import { describePoint, lowestTenth } from '../series/describeAccuracy.ts';
import { formatRoundPercent } from '../series/format.ts';
import { layerLabels } from '../series/layerNames.ts';
import { namesBelow } from '../series/nameLayout.ts';
import { drawLeftAxis, numberTicks } from './axis.ts';
import { addChoice, addToggle } from './controls.ts';
import { type Figure, type FigureOptions, openFrame } from './frame.ts';
import { isDense } from './intervalLine.ts';
import { type DrawnLayers, openLayerAxisFigure } from './layerAxisFigure.ts';
import { drawLayerStrip, layerAt } from './layerColumns.ts';
import { drawLayerNames } from './layerNames.ts';
import { drawSeries } from './probeSeries.ts';
import { drawTaskLegend } from './taskLegend.ts';

const HEIGHT = 300;
const TOP = 26;
/** Most px to the left of the axis, for the names of the first layers. */
const MOST_LEFT = 110;
/** Px between the marks of two tasks at one layer, so that their intervals do not cover each other. */
const DODGE = 7;

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

  const draw = (): DrawnLayers | null => {
    const tasks = probeTasks(data);
    if (tasks.length === 0) {
      frame.drawNothing(l10n.t('No probes were fitted in this analysis.'));
      return null;
    }
    const every = accuracySeries(data, method, on);
    const shown = every.filter(({ task }) => !hidden.has(task));
    const right = 16;
    const step = (frame.width() - 60) / layers().length;
    const labels = layerLabels(layers());
    const { overhang } = namesBelow(labels, step, MOST_LEFT);
    const left = Math.max(48, Math.min(overhang - step / 2, MOST_LEFT));
    const names = namesBelow(labels, step, left);
    const width = frame.width() - left - right;
    const x = scalePoint(layers(), [0, width]).padding(0.5);
    const low = fromZero ? 0 : lowestTenth(shown);
    const y = scaleLinear([low, 1], [HEIGHT, 0]);
    const summary = every.map((series) => {
      const best = bestPoint(series);
      return best
        ? l10n.t('Best at {0} for {1}', best.layer, describePoint(series.task, best))
        : l10n.t('{0}: no probe', series.task);
    });
    const svg = frame.draw(
      HEIGHT + names.height + 36,
      `${l10n.t('{0}, {1}, on {2}.', options.title, METHOD_LABELS[method], on)} ${summary.join('. ')}.`,
    );
    const plot = svg.append('g').attr('transform', `translate(${left},${TOP})`);
    const moveStrip = drawLayerStrip(plot, x, HEIGHT);
    drawLeftAxis(
      plot,
      numberTicks('linear', [low, 1], y, 6, formatRoundPercent),
      width,
      l10n.t('accuracy on {0}', on),
    );
    for (const series of shown) {
      const index = tasks.indexOf(series.task);
      const offset = (index - (tasks.length - 1) / 2) * Math.min(DODGE, x.step() / (tasks.length + 1));
      const places = { x: (layer: string) => (x(layer) ?? 0) + offset, y, step: x.step() };
      drawSeries(plot.append('g').attr('class', 'series'), series, index, places);
    }
    const axis = plot.append('g').attr('transform', `translate(0,${HEIGHT})`);
    const markName = drawLayerNames(axis, x, names, selection.select);
    drawTaskLegend(frame.legend, every, hidden, isDense(x.step()), () => figure.redraw());
    const describe = (index: number): string[] =>
      shown.map(({ task, points }) => describePoint(task, points[index]));
    return {
      layers: layers(),
      at: (px, py) => (py >= TOP && py <= TOP + HEIGHT ? layerAt(x, px - left) : -1),
      mark: (index) => {
        moveStrip(index);
        markName(index);
      },
      readout: (index) => l10n.t('At {0}: {1}.', layers()[index], describe(index).join('; ')),
      tooltip: (index) => [layers()[index], ...describe(index)],
    };
  };

  const figure = openLayerAxisFigure<Analysis>(frame, selection, draw, (next) => {
    data = next;
  });
  addChoice(
    frame.controls,
    l10n.t('Measured on'),
    evaluationSets(data).map((value) => ({
      value,
      label: value === 'test' ? l10n.t('test split') : l10n.t('shift: {0}', value),
    })),
    (value) => {
      on = value;
      figure.redraw();
    },
  );
  addChoice(
    frame.controls,
    l10n.t('Probe'),
    probeMethods(data).map((value) => ({ value, label: METHOD_LABELS[value] })),
    (value) => {
      method = value;
      figure.redraw();
    },
  );
  addToggle(frame.controls, l10n.t('from 0 %'), fromZero, (value) => {
    fromZero = value;
    figure.redraw();
  });
  return figure;
};
