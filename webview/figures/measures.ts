import { line, scaleLinear, scalePoint } from 'd3';
import type { Analysis } from '../../src/protocol/index.ts';
import { formatNumber, textWidth } from '../series/format.ts';
import { type MeasureSeries, measureSeries, measureTable } from '../series/measures.ts';
import { drawLeftAxis, drawNames, FONT_SIZE, nameAxis, numberTicks } from './axis.ts';
import { type Figure, type FigureOptions, type Group, layerKeys, openFrame } from './frame.ts';
import { drawLayerColumns } from './layerColumns.ts';
import { css, SERIES_COLOURS } from './palette.ts';

const PANEL = { least: 300, height: 110, left: 52, right: 14, top: 62 };

/** Text cut into lines of at most `width` px, the last of `limit` lines ending in an ellipsis when there is more. */
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

const describe = (series: MeasureSeries, index: number): string => {
  const { measure } = series.points[index];
  const note = measure?.note ? ` (${measure.note})` : '';
  const value = measure?.value == null ? 'no value' : formatNumber(measure.value);
  return `${series.label} ${value}${note}`;
};

/** Every measure by layer, one small panel each with its definition; a cross marks a layer without a value. */
export const drawMeasures = (
  container: HTMLElement,
  analysis: Analysis,
  options: FigureOptions,
): Figure<Analysis> => {
  let data = analysis;
  const { selection } = options;
  const frame = openFrame(container, options, () => measureTable(data));
  const layers = (): string[] => data.layers.map((layer) => layer.name);

  const render = (): void => {
    const all = measureSeries(data);
    const series = all.filter(({ points }) => points.some(({ measure }) => measure?.value != null));
    if (series.length === 0) {
      frame.drawNothing('No measure has a value in this analysis.');
      return;
    }
    const columns = Math.max(1, Math.floor(frame.width() / PANEL.least));
    const cell = frame.width() / columns;
    const width = cell - PANEL.left - PANEL.right;
    const names = nameAxis(layers(), width / layers().length);
    const height = PANEL.top + PANEL.height + names.height + 14;
    const describeLayer = (index: number): string =>
      `${layers()[index]}: ${series.map((one) => describe(one, index)).join('; ')}.`;
    const summary = layers()
      .map((_, index) => describeLayer(index))
      .join(' ');
    const svg = frame.draw(Math.ceil(series.length / columns) * height, `${options.title}. ${summary}`);
    series.forEach((one, index) => {
      const left = (index % columns) * cell + PANEL.left;
      const top = Math.floor(index / columns) * height + PANEL.top;
      drawPanel(svg.append('g').attr('transform', `translate(${left},${top})`), one, width, names);
    });
    const empty = all.filter((one) => !series.includes(one));
    const reasons = empty.map(
      ({ label, points }) =>
        `${label}: ${points.find(({ measure }) => measure?.note)?.measure?.note ?? 'not measured'}`,
    );
    frame.legend.replaceChildren(
      empty.length === 0 ? '' : `Without a value at any layer: ${reasons.join('; ')}.`,
    );
    const chosen = layers().indexOf(selection.current() ?? '');
    frame.announce(chosen < 0 ? '' : `At ${describeLayer(chosen)}`);
  };

  const drawPanel = (
    group: Group,
    series: MeasureSeries,
    width: number,
    names: ReturnType<typeof nameAxis>,
  ): void => {
    const values = series.points.flatMap(({ measure }) => (measure?.value == null ? [] : [measure.value]));
    const low = Math.min(0, ...values);
    const high = Math.max(...values, low + 1e-12);
    const x = scalePoint(layers(), [0, width]).padding(0.5);
    const y = scaleLinear([low, high], [PANEL.height, 0]).nice(4);
    const current = selection.current();
    group
      .append('text')
      .attr('class', 'panel-title')
      .attr('x', -PANEL.left + 8)
      .attr('y', -46)
      .text(series.label);
    wrap(series.definition, width + PANEL.left - 8, 2).forEach((text, row) => {
      group
        .append('text')
        .attr('class', 'definition')
        .attr('x', -PANEL.left + 8)
        .attr('y', -31 + 13 * row)
        .text(text);
    });
    drawLayerColumns(group, x, PANEL.height, frame, selection, (index) => [
      `${layers()[index]}: ${describe(series, index)}`,
      series.definition,
    ]);
    drawLeftAxis(group, numberTicks('linear', y.domain() as [number, number], y, 4), width, '');
    for (const { layer, measure } of series.points) {
      if (measure?.value != null) continue;
      const cross = `M${(x(layer) ?? 0) - 3},${PANEL.height - 6}l6,6m0,-6l-6,6`;
      group.append('path').attr('class', 'missing').attr('d', cross);
    }
    const colour = css(SERIES_COLOURS[0]);
    const path = line<MeasureSeries['points'][number]>()
      .defined(({ measure }) => measure?.value != null)
      .x(({ layer }) => x(layer) ?? 0)
      .y(({ measure }) => y(measure?.value ?? 0));
    group.append('path').attr('class', 'line').attr('d', path(series.points)).style('stroke', colour);
    for (const { layer, measure } of series.points) {
      if (measure?.value == null) continue;
      const dot = group
        .append('circle')
        .attr('class', 'dot')
        .attr('r', layer === current ? 5 : 3);
      dot
        .attr('cx', x(layer) ?? 0)
        .attr('cy', y(measure.value))
        .style('fill', colour);
    }
    const ticks = layers().map((label) => ({ position: x(label) ?? 0, label, strong: label === current }));
    drawNames(group.append('g').attr('transform', `translate(0,${PANEL.height})`), ticks, names, (index) =>
      selection.select(layers()[index]),
    );
  };

  frame.onKeys(layerKeys(selection, layers, 'horizontal'));
  return frame.open<Analysis>(render, (next) => {
    data = next;
  });
};
