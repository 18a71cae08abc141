import { line, scaleLinear, scalePoint } from 'd3';
import { textWidth } from '../series/format.ts';
import type { MeasureSeries } from '../series/measures.ts';
import { withSigns } from '../series/signs.ts';
import { drawLeftAxis, FONT_SIZE, type NameAxis, numberTicks } from './axis.ts';
import type { Group } from './frame.ts';
import { drawLayerStrip, layerAt } from './layerColumns.ts';
import { drawLayerNames } from './layerNames.ts';
import { css, SERIES_COLOURS } from './palette.ts';

export const MEASURE_PANEL = { least: 300, height: 110, left: 52, right: 14, top: 62 };

/** A drawn panel; `x` in px from its axis. */
export interface MeasurePanel {
  at(x: number): number;
  mark(index: number): void;
}

/** Text broken into lines of at most `width` px, the last of `limit` lines ending in an ellipsis when there is more. */
const wrap = (text: string, width: number, limit: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer, FONT_SIZE) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit - 1), `${lines[limit - 1]} …`];
};

const drawHeading = (group: Group, { label, definition }: MeasureSeries, width: number): void => {
  const left = -MEASURE_PANEL.left + 8;
  group.append('text').attr('class', 'panel-title').attr('x', left).attr('y', -46).text(label);
  wrap(withSigns(definition), width - left, 2).forEach((text, row) => {
    const words = group.append('text').attr('class', 'definition').attr('x', left);
    words.attr('y', -31 + 13 * row).text(text);
  });
};

const circle = (x: number, y: number, radius: number): string =>
  `M${(x - radius).toFixed(1)},${y.toFixed(1)}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`;

/** One measure by layer: a line with dots, crosses where it has no value, and a larger dot that moves to the selected layer. */
export const drawMeasurePanel = (
  group: Group,
  series: MeasureSeries,
  width: number,
  names: NameAxis,
  onSelect: (layer: string) => void,
): MeasurePanel => {
  const { height } = MEASURE_PANEL;
  const { points } = series;
  const values = points.flatMap(({ measure }) => (measure?.value == null ? [] : [measure.value]));
  const low = values.reduce((a, b) => Math.min(a, b), 0);
  const high = values.reduce((a, b) => Math.max(a, b), low + 1e-12);
  const x = scalePoint(
    points.map(({ layer }) => layer),
    [0, width],
  ).padding(0.5);
  const y = scaleLinear([low, high], [height, 0]).nice(4);
  const place = (layer: string): number => x(layer) ?? 0;
  drawHeading(group, series, width);
  const moveStrip = drawLayerStrip(group, x, height);
  drawLeftAxis(group, numberTicks('linear', y.domain() as [number, number], y, 4), width, '');

  const crosses = points.filter(({ measure }) => measure?.value == null);
  const cross = ({ layer }: (typeof points)[number]): string =>
    `M${place(layer) - 3},${height - 6}l6,6m0,-6l-6,6`;
  group.append('path').attr('class', 'missing').attr('d', crosses.map(cross).join(''));
  const colour = css(SERIES_COLOURS[0]);
  const path = line<(typeof points)[number]>()
    .defined(({ measure }) => measure?.value != null)
    .x(({ layer }) => place(layer))
    .y(({ measure }) => y(measure?.value ?? 0));
  group.append('path').attr('class', 'line').attr('d', path(points)).style('stroke', colour);
  const radius = x.step() < 8 ? 1.5 : 3;
  const dots = points.map(({ layer, measure }) =>
    measure?.value == null ? '' : circle(place(layer), y(measure.value), radius),
  );
  group.append('path').attr('class', 'dot').attr('d', dots.join('')).style('fill', colour);
  const dot = group.append('circle').attr('class', 'dot').style('fill', colour);
  const below = group.append('g').attr('transform', `translate(0,${height})`);
  const markName = drawLayerNames(below, x, names, onSelect);
  return {
    at: (px) => layerAt(x, px),
    mark: (index) => {
      const value = points[index]?.measure?.value ?? null;
      moveStrip(index);
      markName(index);
      dot.attr('r', value === null ? 0 : 5);
      if (value !== null) dot.attr('cx', place(points[index].layer)).attr('cy', y(value));
    },
  };
};
