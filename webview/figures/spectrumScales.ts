import { scaleLinear, scaleLog } from 'd3';
import { fittingText } from '../series/format.ts';
import { FONT_SIZE } from '../series/nameLayout.ts';
import type { PixelLine } from '../series/nearestLine.ts';
import { pixelIndices } from '../series/spectra.ts';
import type { Curve, SpectrumView } from '../series/spectrumView.ts';
import { numberTicks, type Tick } from '../series/ticks.ts';

/** A pair of axes, k to the right and a value upwards, and the mapping of curves to px. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly ticksX: readonly Tick[];
  readonly ticksY: readonly Tick[];
  /** What k is, as far as there is room for it. */
  readonly index: string;
  /** The k at a point of the axis below, which may be beside it. */
  kAt(px: number): number;
  /** Px from the top; only values from `least` on are drawn. */
  y(value: number): number;
  readonly least: number;
  /** The part of a curve that is on the axes; `step` is the least distance between its points in px. */
  place(curve: Curve, step: number): PixelLine;
}

/** Px for a number below an axis and what is free around it. */
const TICK_WIDTH = 45;

export const createPanel = (view: SpectrumView, width: number, height: number, ticks: number): Panel => {
  const { domainX, domainY, logX, logY } = view;
  const x = (logX ? scaleLog() : scaleLinear()).domain(domainX).range([0, width]);
  const y = (logY ? scaleLog() : scaleLinear()).domain(domainY).range([height, 0]);
  // The same for all curves, of which there may be hundreds.
  const places = Array.from({ length: domainX[1] }, (_, index) => x(index + 1));
  const across = Math.max(3, Math.min(ticks, Math.floor(width / TICK_WIDTH)));
  const whole = numberTicks(logX ? 'log' : 'linear', domainX, x, across);
  return {
    width,
    height,
    ticksX: whole.filter(({ label }) => !label.includes('.')),
    ticksY: numberTicks(logY ? 'log' : 'linear', domainY, y, ticks),
    index: fittingText(view.indices, width, FONT_SIZE),
    kAt: (px) => Math.max(1, Math.min(domainX[1], Math.round(x.invert(px)))),
    y,
    least: domainY[0],
    place: (curve, step) => {
      const count = Math.min(curve.count, domainX[1]);
      const inside = pixelIndices(count, (index) => places[index] / (2 * step)).filter(
        (index) => curve.value(index + 1) >= domainY[0],
      );
      return {
        xs: inside.map((index) => places[index]),
        ys: inside.map((index) => y(curve.value(index + 1))),
      };
    },
  };
};

export const curveOf = (values: readonly number[]): Curve => ({
  count: values.length,
  value: (k) => values[k - 1],
});
