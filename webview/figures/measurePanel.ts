import { line, scalePoint } from 'd3';
import { textWidth } from '../series/format.ts';
import { formatValue, type MeasureSeries, seriesAxis, tickFormat } from '../series/measures.ts';
import { directionWords } from '../series/measureWords.ts';
import { withSigns } from '../series/signs.ts';
import { drawLeftAxis, FONT_SIZE, type NameAxis } from './axis.ts';
import { drawBeyond, fittedScale } from './fittedScale.ts';
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

/** The name with the direction of better, then what it tells; the formula of a measure without words. */
const drawHeading = (group: Group, series: MeasureSeries, width: number): void => {
  const { label, better, meaning, definition } = series;
  const left = -MEASURE_PANEL.left + 8;
  const title = group.append('text').attr('class', 'panel-title').attr('x', left).attr('y', -46).text(label);
  const direction = directionWords(better);
  if (direction !== '') title.append('tspan').attr('class', 'direction').attr('dx', 8).text(direction);
  const told = meaning === '' ? withSigns(definition) : meaning;
  wrap(told, width - left, 2).forEach((text, row) => {
    const words = group.append('text').attr('class', 'definition').attr('x', left);
    words.attr('y', -31 + 13 * row).text(text);
  });
};

const circle = (x: number, y: number, radius: number): string =>
  `M${(x - radius).toFixed(1)},${y.toFixed(1)}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`;

/** From one end of an interval to the other, with caps as wide as a dot. */
const whisker = (x: number, [low, high]: readonly number[], radius: number): string =>
  `M${x.toFixed(1)},${low.toFixed(1)}V${high.toFixed(1)}M${(x - radius).toFixed(1)},${low.toFixed(1)}h${2 * radius}M${(x - radius).toFixed(1)},${high.toFixed(1)}h${2 * radius}`;

const drawCrosses = (group: Group, places: readonly number[], height: number): void => {
  const crosses = places.map((x) => `M${x - 3},${height - 6}l6,6m0,-6l-6,6`);
  group.append('path').attr('class', 'missing').attr('d', crosses.join(''));
};

/**
 * One measure by layer: a line with dots and their 95 % intervals, crosses where it has no value, and a larger dot that moves to the selected
 * layer.
 */
export const drawMeasurePanel = (
  group: Group,
  series: MeasureSeries,
  width: number,
  names: NameAxis,
  onSelect: (layer: string) => void,
): MeasurePanel => {
  const { height } = MEASURE_PANEL;
  const { points } = series;
  const x = scalePoint(
    points.map(({ layer }) => layer),
    [0, width],
  ).padding(0.5);
  const scale = fittedScale(seriesAxis(series), height, 4, tickFormat(series.unit));
  const places = points.map(({ layer, isInput, measure }) => ({
    x: x(layer) ?? 0,
    y: measure?.value == null ? null : scale.place(measure.value, isInput),
    interval: measure?.interval?.map((end) => scale.place(end, isInput)) ?? null,
    edge: isInput && measure?.value != null ? scale.edge : null,
    value: measure?.value ?? 0,
  }));
  drawHeading(group, series, width);
  const moveStrip = drawLayerStrip(group, x, height);
  drawLeftAxis(group, scale.ticks, width, '');
  drawCrosses(
    group,
    places.filter((place) => place.y === null).map((place) => place.x),
    height,
  );
  const colour = css(SERIES_COLOURS[0]);
  const path = line<(typeof places)[number]>()
    .defined((place) => place.y !== null && place.edge === null)
    .x((place) => place.x)
    .y((place) => place.y ?? 0);
  group.append('path').attr('class', 'line').attr('d', path(places)).style('stroke', colour);
  for (const { x: left, edge, value } of places)
    if (edge !== null) drawBeyond(group, left, edge, formatValue(value, series.unit));
  const radius = x.step() < 8 ? 1.5 : 3;
  const whiskers = places.map(({ x: left, interval, edge }) =>
    interval === null || edge !== null ? '' : whisker(left, interval, radius),
  );
  group.append('path').attr('class', 'whisker').attr('d', whiskers.join('')).style('stroke', colour);
  const dots = places.map((place) => (place.y === null ? '' : circle(place.x, place.y, radius)));
  group.append('path').attr('class', 'dot').attr('d', dots.join('')).style('fill', colour);
  const dot = group.append('circle').attr('class', 'dot').style('fill', colour);
  const below = group.append('g').attr('transform', `translate(0,${height})`);
  const markName = drawLayerNames(below, x, names, onSelect);
  return {
    at: (px) => layerAt(x, px),
    mark: (index) => {
      const place = places[index];
      moveStrip(index);
      markName(index);
      dot.attr('r', place?.y == null ? 0 : 5);
      if (place?.y != null) dot.attr('cx', place.x).attr('cy', place.y);
    },
  };
};
