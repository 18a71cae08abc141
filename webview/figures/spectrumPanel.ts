import { line, scaleLinear, scaleLog } from 'd3';
import { pixelIndices, type SpectrumSeries } from '../series/spectra.ts';
import { drawBottomAxis, drawLeftAxis, numberTicks } from './axis.ts';
import type { Group } from './frame.ts';

export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly domainX: readonly [number, number];
  readonly domainY: readonly [number, number];
  readonly quantity: string;
  readonly ticks: number;
}

export interface LineStyle {
  readonly colour: string;
  readonly dash: string;
  readonly strong: boolean;
  readonly dim: boolean;
}

/** Spectra against k on one pair of axes; `onLine` gets the wide invisible line that catches the pointer. */
export const drawPanel = (
  group: Group,
  panel: Panel,
  series: readonly SpectrumSeries[],
  onLine: (target: SVGPathElement, layer: string) => void,
  style: (layer: string) => LineStyle,
): void => {
  const x = (panel.logX ? scaleLog() : scaleLinear()).domain(panel.domainX).range([0, panel.width]);
  const y = (panel.logY ? scaleLog() : scaleLinear()).domain(panel.domainY).range([panel.height, 0]);
  const yTicks = numberTicks(panel.logY ? 'log' : 'linear', panel.domainY, y, panel.ticks);
  drawLeftAxis(group, yTicks, panel.width, panel.quantity);
  const xTicks = numberTicks(panel.logX ? 'log' : 'linear', panel.domainX, x, panel.ticks);
  drawBottomAxis(
    group,
    xTicks.filter(({ label }) => !label.includes('.')),
    panel.width,
    panel.height,
    'k',
  );
  const path = line<number>();
  for (const { layer, values } of series) {
    path
      .defined((k) => !panel.logY || values[k] >= panel.domainY[0])
      .x((k) => x(k + 1))
      .y((k) => y(values[k]));
    const shape = path(pixelIndices(values.length, (k) => x(k + 1)));
    const { colour, dash, strong, dim } = style(layer);
    group
      .append('path')
      .attr('class', strong ? 'line strong' : dim ? 'line dim' : 'line')
      .attr('d', shape)
      .attr('stroke-dasharray', dash || null)
      .style('stroke', colour);
    const target = group.append('path').attr('class', 'target').attr('d', shape);
    onLine(target.node() as SVGPathElement, layer);
  }
};
