import * as l10n from '@vscode/l10n';
import { scaleLinear, scalePoint } from 'd3';
import type { Analysis, ProbeMethod } from '../../src/protocol/messages.ts';
import {
  type AccuracySeries,
  accuracySeries,
  accuracyTable,
  bestPoint,
  evaluationSets,
  METHOD_LABELS,
  probeMethods,
} from '../series/accuracy.ts';
import { describePoint, lowestTenth } from '../series/describeAccuracy.ts';
import { formatRoundPercent } from '../series/format.ts';
import { namesUnderAxis } from '../series/nameLayout.ts';
import { drawLeftAxis, numberTicks } from './axis.ts';
import { addChoice, addToggle } from './controls.ts';
import { type Figure, type FigureOptions, type Frame, openFrame } from './frame.ts';
import { isDense } from './intervalLine.ts';
import { type DrawnLayers, openLayerAxisFigure } from './layerAxisFigure.ts';
import { drawLayerStrip, layerAt } from './layerColumns.ts';
import { drawLayerNames } from './layerNames.ts';
import { drawSeries } from './probeSeries.ts';
import { drawTaskLegend } from './taskLegend.ts';

const HEIGHT = 300;
const TOP = 26;
/** Px beside the axis, for its numbers. */
const [LEFT, RIGHT] = [48, 16];
/** Px between the marks of two tasks at one layer, so that their intervals do not cover each other. */
const DODGE = 7;

/** Settings of the figure. */
interface ProbeSettings {
  method: ProbeMethod;
  /** The test split or a shift. */
  on: string;
  fromZero: boolean;
  /** Tasks that are not shown. */
  readonly hidden: Set<string>;
}

const summarise = (series: readonly AccuracySeries[]): string =>
  series
    .map((one) => {
      const best = bestPoint(one);
      return best
        ? l10n.t('Best at {0} for {1}', best.layer, describePoint(one, best))
        : l10n.t('{0}: no probe', one.task);
    })
    .join('. ');

const axisWords = (series: readonly AccuracySeries[], on: string): string => {
  const scores = new Set(series.map(({ score }) => score));
  if (!scores.has('R²')) return l10n.t('accuracy on {0}', on);
  return scores.has('accuracy') ? l10n.t('accuracy or R² on {0}', on) : l10n.t('R² on {0}', on);
};

const drawAccuracies = (
  frame: Frame,
  layers: readonly string[],
  every: readonly AccuracySeries[],
  { method, on, fromZero, hidden }: ProbeSettings,
  { title, selection }: FigureOptions,
): DrawnLayers & { readonly step: number } => {
  const shown = every.filter(({ task }) => !hidden.has(task));
  const { left, axis: names } = namesUnderAxis(layers, frame.width(), LEFT, RIGHT);
  const width = frame.width() - left - RIGHT;
  const x = scalePoint(layers, [0, width]).padding(0.5);
  const lowest = lowestTenth(shown);
  const low = fromZero ? Math.min(0, lowest) : lowest;
  const y = scaleLinear([low, 1], [HEIGHT, 0]);
  const svg = frame.draw(
    HEIGHT + names.height + 36,
    `${l10n.t('{0}, {1}, on {2}.', title, METHOD_LABELS[method], on)} ${summarise(every)}.`,
  );
  const plot = svg.append('g').attr('transform', `translate(${left},${TOP})`);
  const moveStrip = drawLayerStrip(plot, x, HEIGHT);
  const ticks = numberTicks('linear', [low, 1], y, 6, formatRoundPercent);
  drawLeftAxis(plot, ticks, width, axisWords(shown, on));
  every.forEach((series, index) => {
    if (hidden.has(series.task)) return;
    const offset = (index - (every.length - 1) / 2) * Math.min(DODGE, x.step() / (every.length + 1));
    const places = { x: (layer: string) => (x(layer) ?? 0) + offset, y, step: x.step() };
    drawSeries(plot.append('g').attr('class', 'series'), series, index, places);
  });
  const axis = plot.append('g').attr('transform', `translate(0,${HEIGHT})`);
  const markName = drawLayerNames(axis, x, names, selection.select);
  const describe = (index: number): string[] => shown.map((one) => describePoint(one, one.points[index]));
  return {
    step: x.step(),
    layers,
    at: (px, py) => (py >= TOP && py <= TOP + HEIGHT ? layerAt(x, px - left) : -1),
    mark: (index) => {
      moveStrip(index);
      markName(index);
    },
    readout: (index) => l10n.t('At {0}: {1}.', layers[index], describe(index).join('; ')),
    tooltip: (index) => [layers[index], ...describe(index)],
  };
};

/** Which set the probes were measured on, which probe, and where the axis begins. */
const addProbeControls = (
  controls: HTMLElement,
  data: Analysis,
  settings: ProbeSettings,
  redraw: () => void,
): void => {
  const sets = evaluationSets(data).map((value) => ({
    value,
    label: value === 'test' ? l10n.t('test split') : l10n.t('shift: {0}', value),
  }));
  addChoice(controls, l10n.t('Measured on'), sets, (value) => {
    settings.on = value;
    redraw();
  });
  const methods = probeMethods(data).map((value) => ({ value, label: METHOD_LABELS[value] }));
  addChoice(controls, l10n.t('Probe'), methods, (value) => {
    settings.method = value;
    redraw();
  });
  addToggle(controls, l10n.t('from 0 %'), settings.fromZero, (value) => {
    settings.fromZero = value;
    redraw();
  });
};

/** Probe accuracy, or R², by layer with 95 % intervals; the worst group dashed, the shuffled-label null as a band. */
export const drawProbes = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  const settings: ProbeSettings = {
    method: probeMethods(analysis)[0] ?? 'logistic-standardised',
    on: evaluationSets(analysis)[0] ?? 'test',
    fromZero: false,
    hidden: new Set(),
  };
  const frame = openFrame(container, options, () => accuracyTable(data));
  const draw = (): DrawnLayers | null => {
    const every = accuracySeries(data, settings.method, settings.on);
    if (every.length === 0) {
      frame.drawNothing(l10n.t('No probes were fitted in this analysis.'));
      return null;
    }
    const layers = data.layers.map(({ name }) => name);
    const drawn = drawAccuracies(frame, layers, every, settings, options);
    drawTaskLegend(frame.legend, every, settings.hidden, isDense(drawn.step), () => figure.redraw());
    return drawn;
  };
  const figure = openLayerAxisFigure<Analysis>(frame, options.selection, draw, (next) => {
    data = next;
  });
  addProbeControls(frame.controls, data, settings, figure.redraw);
  return figure;
};
