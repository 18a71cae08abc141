import type { Metric } from '../../src/protocol/messages.ts';
import { drawTrainingCurves, type Figure, type FigureOptions } from '../figures/index.ts';
import type { FigureList } from '../panel/figureList.ts';
import { paced } from '../panel/pace.ts';
import { part, WORDS } from '../panel/parts.ts';
import { appendMetrics } from './liveTraining.ts';

/** Ms between two redraws of the curves, because points arrive faster than they can be read. */
const PAUSE = 500;

interface Curves {
  readonly metrics: readonly Metric[];
  /** The inspected epochs. */
  readonly epochs: readonly number[];
}

export interface LiveCurves {
  /** Replaces the metrics; without any, there are no curves. */
  replace(metrics: readonly Metric[]): void;
  add(metrics: readonly Metric[]): void;
  /** Replaces the inspected epochs. */
  mark(epochs: readonly number[]): void;
}

export interface LiveCurvesOptions {
  /** Called after every redraw. */
  readonly onDrawn: () => void;
  /** The user wants to see an inspected epoch. */
  readonly onEpoch: (epoch: number) => void;
}

/** The curves of the training, as the only figure of a list. */
export const createLiveCurves = (
  figures: FigureList,
  { onDrawn, onEpoch }: LiveCurvesOptions,
): LiveCurves => {
  let curves: Curves = { metrics: [], epochs: [] };

  const drawCurves = (container: HTMLElement, first: Curves, options: FigureOptions): Figure<Curves> => {
    const figure = drawTrainingCurves(container, first.metrics, { ...options, marks: first.epochs, onEpoch });
    let marked = first.epochs;
    const update = ({ metrics, epochs }: Curves): void => {
      if (epochs !== marked) figure.mark(epochs);
      marked = epochs;
      figure.update(metrics);
    };
    return { ...figure, update };
  };
  const draw = (): void => {
    if (curves.metrics.length === 0) figures.clear();
    else figures.show([part(WORDS.training, drawCurves, curves)]);
    onDrawn();
  };
  const drawSoon = paced(draw, PAUSE);
  const change = (changes: Partial<Curves>, redraw: () => void): void => {
    curves = { ...curves, ...changes };
    redraw();
  };
  return {
    replace: (metrics) => change({ metrics }, draw),
    add: (added) => change({ metrics: appendMetrics(curves.metrics, added) }, drawSoon),
    mark: (epochs) => {
      if (epochs.join() !== curves.epochs.join()) change({ epochs }, drawSoon);
    },
  };
};
