import { line, scaleLinear, scaleLog } from 'd3';
import type { Metric } from '../../src/protocol/index.ts';
import { formatCount, formatNumber } from '../series/format.ts';
import { type CurvePoint, envelope, trainingTable } from '../series/training.ts';
import { drawBottomAxis, drawLeftAxis, numberTicks } from './axis.ts';
import { addToggle } from './controls.ts';
import { type Figure, type FigureOptions, openFrame } from './frame.ts';
import { css, SERIES_COLOURS } from './palette.ts';

const describe = (metric: Metric): string =>
  `Step ${formatCount(metric.step)}, epoch ${formatNumber(metric.epoch, 3)}: loss ${formatNumber(metric.loss)}, learning rate ${formatNumber(metric.learningRate, 3)}.`;

/** Room for ticks and names around each of the two panels, in px. */
const MARGIN = { left: 62, right: 16, top: 26, between: 40, bottom: 40 };
const HEIGHTS = [200, 80];

/** Loss and learning rate by step, one above the other on the same axis of steps. */
export const drawTrainingCurves = (
  container: HTMLElement,
  metrics: readonly Metric[],
  options: FigureOptions,
): Figure<readonly Metric[]> => {
  let data = metrics;
  let log = false;
  let cursor = -1;
  const frame = openFrame(container, options, () => trainingTable(data));

  const render = (): void => {
    if (data.length === 0) {
      frame.drawNothing('No metrics were recorded in this run.');
      return;
    }
    const [first, last] = [data[0], data[data.length - 1]];
    const width = frame.width() - MARGIN.left - MARGIN.right;
    const total = MARGIN.top + HEIGHTS[0] + MARGIN.between + HEIGHTS[1] + MARGIN.bottom;
    const svg = frame.draw(total, `${options.title}. First: ${describe(first)} Last: ${describe(last)}`);
    const steps: [number, number] = [first.step, Math.max(last.step, first.step + 1)];
    const x = scaleLinear(steps, [0, width]);
    const curves = [
      { label: 'loss', values: data.map((metric): CurvePoint => [metric.step, metric.loss]) },
      {
        label: 'learning rate',
        values: data.map((metric): CurvePoint => [metric.step, metric.learningRate]),
      },
    ];
    curves.forEach(({ label, values }, index) => {
      const height = HEIGHTS[index];
      const top = MARGIN.top + index * (HEIGHTS[0] + MARGIN.between);
      const group = svg.append('g').attr('transform', `translate(${MARGIN.left},${top})`);
      const [low, high] = range(values, index === 1);
      const asLog = log && index === 0 && low > 0;
      const y = (asLog ? scaleLog() : scaleLinear()).domain([low, high]).range([height, 0]);
      const ticks = numberTicks(asLog ? 'log' : 'linear', [low, high], y, index === 0 ? 5 : 2);
      drawLeftAxis(group, ticks, width, label);
      if (index === 1)
        drawBottomAxis(group, numberTicks('linear', steps, x, 6, formatCount), width, height, 'step');
      const path = line<CurvePoint>()
        .x(([step]) => x(step))
        .y(([, value]) => y(value));
      group
        .append('path')
        .attr('class', 'line')
        .attr('d', path(envelope(values, width)))
        .attr('stroke-dasharray', index === 0 ? null : '6 3')
        .style('stroke', css(SERIES_COLOURS[index]));
      if (cursor >= 0) {
        const [step, value] = values[cursor];
        group
          .append('line')
          .attr('class', 'cursor')
          .attr('x1', x(step))
          .attr('x2', x(step))
          .attr('y2', height);
        group
          .append('circle')
          .attr('class', 'cursor')
          .attr('cx', x(step))
          .attr('cy', y(value))
          .attr('r', 3.5);
      }
    });
    svg.on('click', (event: MouseEvent) => {
      const box = (svg.node() as SVGSVGElement).getBoundingClientRect();
      const step = x.invert(event.clientX - box.left - MARGIN.left);
      cursor = data.reduce(
        (best, metric, index) =>
          Math.abs(metric.step - step) < Math.abs(data[best].step - step) ? index : best,
        0,
      );
      render();
    });
    frame.announce(describe(cursor >= 0 ? data[cursor] : last));
  };

  const move = (to: number): void => {
    cursor = Math.max(0, Math.min(data.length - 1, to));
    render();
  };
  addToggle(frame.controls, 'log loss', log, (on) => {
    log = on;
    render();
  });
  const stride = (): number => Math.max(1, Math.round(data.length / 100));
  frame.onKeys({
    ArrowLeft: () => move(cursor < 0 ? data.length - 1 : cursor - stride()),
    ArrowRight: () => move(cursor + stride()),
    Home: () => move(0),
    End: () => move(data.length - 1),
    Escape: () => {
      cursor = -1;
      render();
    },
  });
  return frame.open<readonly Metric[]>(render, (next) => {
    data = next;
    cursor = Math.min(cursor, next.length - 1);
  });
};

/** The range of the values, from zero when asked for; never empty. */
const range = (points: readonly CurvePoint[], fromZero: boolean): [number, number] => {
  const low = points.reduce(
    (least, [, value]) => Math.min(least, value),
    fromZero ? 0 : Number.POSITIVE_INFINITY,
  );
  const high = points.reduce((most, [, value]) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return high > low ? [low, high] : [low, low + (Math.abs(low) || 1)];
};
