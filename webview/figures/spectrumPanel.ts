import { line, scaleLinear, scaleLog } from 'd3';
import type { PixelLine } from '../series/nearestLine.ts';
import { pixelIndices } from '../series/spectra.ts';
import type { Curve, SpectrumView } from '../series/spectrumView.ts';
import { drawBottomAxis, drawLeftAxis, numberTicks, type Tick } from './axis.ts';
import type { Drawing, Group } from './frame.ts';

/** A pair of axes, k to the right and a value upwards, and the mapping of curves to px. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly ticksX: readonly Tick[];
  readonly ticksY: readonly Tick[];
  /** The part of a curve that is on the axes; `step` is the least distance between its points in px. */
  place(curve: Curve, step: number): PixelLine;
}

export interface LineStyle {
  readonly colour: string;
  readonly dash: string;
}

/** A drawn spectrum figure: the selected layer can change without a redraw. */
export interface Picture {
  readonly svg: Drawing;
  /** Index of the layer at a point of the drawing, in px; -1 if there is none. */
  at(x: number, y: number): number;
  /** Marks the layer under the pointer, or none for -1. */
  hover(index: number): void;
  select(index: number): void;
  /** Scrolls as little as needed to show the selected layer. */
  reveal(): void;
}

export const createPanel = (view: SpectrumView, width: number, height: number, ticks: number): Panel => {
  const { domainX, domainY, logX, logY } = view;
  const x = (logX ? scaleLog() : scaleLinear()).domain(domainX).range([0, width]);
  const y = (logY ? scaleLog() : scaleLinear()).domain(domainY).range([height, 0]);
  const whole = numberTicks(logX ? 'log' : 'linear', domainX, x, ticks);
  return {
    width,
    height,
    ticksX: whole.filter(({ label }) => !label.includes('.')),
    ticksY: numberTicks(logY ? 'log' : 'linear', domainY, y, ticks),
    place: (curve, step) => {
      const count = Math.min(curve.count, domainX[1]);
      const shown = pixelIndices(count, (index) => x(index + 1) / (2 * step));
      const points = shown.map((index) => [x(index + 1), curve.value(index + 1)]);
      const inside = points.filter(([, value]) => value >= domainY[0]);
      return { xs: inside.map(([here]) => here), ys: inside.map(([, value]) => y(value)) };
    },
  };
};

export const curveOf = (values: readonly number[]): Curve => ({
  count: values.length,
  value: (k) => values[k - 1],
});

export const pathOf = ({ xs, ys }: PixelLine): string | null =>
  line<number>()
    .digits(1)
    .x((index) => xs[index])
    .y((index) => ys[index])(Array.from({ length: xs.length }, (_, index) => index));

export const drawAxes = (group: Group, panel: Panel, quantity: string): void => {
  drawLeftAxis(group, panel.ticksY, panel.width, quantity);
  drawBottomAxis(group, panel.ticksX, panel.width, panel.height, 'k');
};
