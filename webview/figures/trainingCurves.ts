import * as l10n from '@vscode/l10n';
import { scaleLinear } from 'd3';
import type { Metric } from '../../src/protocol/messages.ts';
import { formatCount, formatNumber } from '../series/format.ts';
import { type CurvePoint, nearestMetric, stepOfEpoch, trainingTable } from '../series/training.ts';
import { drawBottomAxis, numberTicks } from './axis.ts';
import { addToggle } from './controls.ts';
import { fill } from './element.ts';
import { drawEpochMarks, type EpochMark, epochLegend, epochMarkAt } from './epochMarks.ts';
import { type Figure, type FigureOptions, type Frame, openFrame } from './frame.ts';
import { createPacedLine } from './pacedLine.ts';
import { SERIES_COLOURS } from './palette.ts';
import { drawTrainingPanel } from './trainingPanel.ts';

export interface TrainingOptions extends FigureOptions {
  /** Epochs that were inspected; each gets a mark. */
  readonly marks?: readonly number[];
  /** The user wants to see an inspected epoch. */
  readonly onEpoch?: (epoch: number) => void;
}

export interface TrainingFigure extends Figure<readonly Metric[]> {
  /** Other inspected epochs. */
  mark(epochs: readonly number[]): void;
}

interface Drawn {
  readonly marks: readonly EpochMark[];
  /** Index of the metric at `x` px of the drawing. */
  at(x: number): number;
  moveCursor(index: number): void;
}

const describe = (metric: Metric): string =>
  l10n.t(
    'Step {0}, epoch {1}: loss {2}, learning rate {3}.',
    formatCount(metric.step),
    formatNumber(metric.epoch, 3),
    formatNumber(metric.loss),
    formatNumber(metric.learningRate, 3),
  );

/** Space for ticks, names and latest values around each of the two panels, in px. */
const MARGIN = { left: 62, right: 64, top: 26, between: 40, bottom: 40 };
const HEIGHTS = [200, 80];
/** Ms between two announced lines while a training is followed live. */
const READING = 5000;

interface CurveSettings {
  readonly log: boolean;
  /** Inspected epochs. */
  readonly epochs: readonly number[];
}

const drawCurves = (
  frame: Frame,
  title: string,
  metrics: readonly Metric[],
  { log, epochs }: CurveSettings,
): Drawn => {
  const [first, last] = [metrics[0], metrics[metrics.length - 1]];
  const width = frame.width() - MARGIN.left - MARGIN.right;
  const total = MARGIN.top + HEIGHTS[0] + MARGIN.between + HEIGHTS[1] + MARGIN.bottom;
  const words = l10n.t('First: {0} Last: {1}', describe(first), describe(last));
  const svg = frame.draw(total, `${title}. ${words}`);
  const x = scaleLinear([0, last.step], [0, width]);
  const curve = (value: (metric: Metric) => number): CurvePoint[] =>
    metrics.map((metric) => [metric.step, value(metric)]);
  const [top, bottom] = HEIGHTS.map((_, index) =>
    svg
      .append('g')
      .attr('transform', `translate(${MARGIN.left},${MARGIN.top + index * (HEIGHTS[0] + MARGIN.between)})`),
  );
  const loss = {
    label: l10n.t('loss'),
    points: curve((metric) => metric.loss),
    width,
    height: HEIGHTS[0],
    log,
    fromZero: false,
    ticks: 5,
    dash: null,
    colour: SERIES_COLOURS[0],
  };
  const rate = {
    label: l10n.t('learning rate'),
    points: curve(({ learningRate }) => learningRate),
    width,
    height: HEIGHTS[1],
    log: false,
    fromZero: true,
    ticks: 2,
    dash: '6 3',
    colour: SERIES_COLOURS[1],
  };
  const cursors = [drawTrainingPanel(top, loss, x), drawTrainingPanel(bottom, rate, x)];
  const steps = numberTicks('linear', [0, last.step], x, Math.min(6, last.step), formatCount);
  drawBottomAxis(bottom, steps, width, HEIGHTS[1], l10n.t('step'));
  const marks = epochs.flatMap((epoch) => {
    const step = stepOfEpoch(metrics, epoch);
    return step !== null && step <= last.step ? [{ epoch, x: x(step) }] : [];
  });
  drawEpochMarks(top, marks, HEIGHTS[0]);
  return {
    marks,
    at: (px) => nearestMetric(metrics, x.invert(px - MARGIN.left)),
    moveCursor: (index) => {
      for (const move of cursors) move(index);
    },
  };
};

/** The curves as they are drawn now, and their cursor. */
interface OpenCurves {
  /** Null while nothing is drawn. */
  drawn(): Drawn | null;
  metrics(): readonly Metric[];
  /** Index of the metric at the cursor; -1 without one. */
  cursor(): number;
  moveTo(index: number): void;
  readonly onEpoch?: (epoch: number) => void;
}

const listenToCurves = (frame: Frame, { drawn, metrics, cursor, moveTo, onEpoch }: OpenCurves): void => {
  const markAt = (x: number, y: number): EpochMark | null => {
    const now = drawn();
    return now && epochMarkAt(now.marks, HEIGHTS[0], x - MARGIN.left, y - MARGIN.top);
  };
  const wordsOf = ({ epoch }: EpochMark): string =>
    onEpoch
      ? l10n.t('Epoch {0} was inspected. Click to show it.', epoch)
      : l10n.t('Epoch {0} was inspected.', epoch);
  frame.explainAt(
    (x, y) => {
      const [mark, now] = [markAt(x, y), drawn()];
      if (mark) return [wordsOf(mark)];
      return now ? [describe(metrics()[now.at(x)])] : null;
    },
    (x, y) => {
      const [mark, now] = [markAt(x, y), drawn()];
      if (mark && onEpoch) onEpoch(mark.epoch);
      else if (now) moveTo(now.at(x));
    },
  );
  const last = (): number => metrics().length - 1;
  const stride = (): number => Math.max(1, Math.round(metrics().length / 100));
  frame.onKeys({
    ArrowLeft: () => moveTo(cursor() < 0 ? last() : Math.max(0, cursor() - stride())),
    ArrowRight: () => moveTo(cursor() + stride()),
    Home: () => moveTo(0),
    End: () => moveTo(last()),
    Escape: () => moveTo(-1),
  });
};

/** Loss and learning rate by step, one above the other on the same axis of steps; marks at the inspected epochs. */
export const drawTrainingCurves = (
  container: HTMLElement,
  metrics: readonly Metric[],
  options: TrainingOptions,
): TrainingFigure => {
  let data = metrics;
  let epochs = options.marks ?? [];
  let log = false;
  let cursor = -1;
  let drawn: Drawn | null = null;
  const frame = openFrame(container, options, () => trainingTable(data));
  const readout = createPacedLine(frame.announce, READING);
  const here = (): string => (data.length === 0 ? '' : describe(data[cursor < 0 ? data.length - 1 : cursor]));

  const render = (): void => {
    drawn = null;
    if (data.length === 0) {
      readout.stop();
      frame.drawNothing(l10n.t('No metrics were recorded in this run.'));
      return;
    }
    drawn = drawCurves(frame, options.title, data, { log, epochs });
    drawn.moveCursor(cursor);
  };
  const drawLegend = (): void => {
    // An empty figure has no legend.
    if (data.length > 0) fill(frame.legend, epochLegend(epochs, options.onEpoch));
  };
  const moveTo = (to: number): void => {
    cursor = Math.max(-1, Math.min(data.length - 1, to));
    drawn?.moveCursor(cursor);
    readout.show(here());
  };
  const replace = (next: readonly Metric[]): void => {
    const none = data.length === 0;
    data = next;
    cursor = Math.min(cursor, next.length - 1);
    if (none) drawLegend();
    readout.offer(here());
  };

  addToggle(frame.controls, l10n.t('log loss'), log, (on) => {
    log = on;
    render();
  });
  listenToCurves(frame, {
    drawn: () => drawn,
    metrics: () => data,
    cursor: () => cursor,
    moveTo,
    onEpoch: options.onEpoch,
  });
  const figure = frame.open(render, replace, () => {});
  drawLegend();
  readout.show(here());
  return {
    ...figure,
    destroy: () => {
      readout.stop();
      figure.destroy();
    },
    mark: (next) => {
      epochs = next;
      if (data.length === 0) return;
      drawLegend();
      render();
    },
  };
};
