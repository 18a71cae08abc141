import { scaleLinear } from 'd3';
import type { Recommendation } from '../../src/protocol/index.ts';
import { formatInterval, formatPercent } from '../series/format.ts';
import { rankingTable } from '../series/ranking.ts';
import { drawBottomAxis, drawRowNames, numberTicks, rowNamesWidth } from './axis.ts';
import { type Figure, type FigureOptions, layerKeys, openFrame } from './frame.ts';
import { css, SERIES_COLOURS } from './palette.ts';

const ROW = 22;

/** Every layer by accuracy on one task, best first, with its interval and the line of one standard error below the best. */
export const drawRanking = (
  container: HTMLElement,
  recommendation: Recommendation,
  options: FigureOptions,
): Figure<Recommendation> => {
  let data = recommendation;
  const { selection } = options;
  const frame = openFrame(container, options, () => rankingTable(data));
  const layers = (): string[] => data.ranking.map(({ layer }) => layer);

  const describe = (index: number): string => {
    const { layer, accuracy, interval } = data.ranking[index];
    return `${layer}: ${formatPercent(accuracy)} (95 % interval ${formatInterval(interval)})`;
  };

  const render = (): void => {
    if (data.ranking.length === 0) {
      frame.drawNothing('No layer has a probe for this task.');
      return;
    }
    const left = rowNamesWidth(layers().map((layer) => `★ ${layer}`));
    const width = frame.width() - left - 70;
    const height = ROW * data.ranking.length;
    const low = Math.max(0, Math.min(...data.ranking.map(({ interval }) => interval[0])) - 0.02);
    const high = Math.min(1, Math.max(...data.ranking.map(({ interval }) => interval[1])) + 0.02);
    const x = scaleLinear([low, high], [0, width]);
    const ranks = data.ranking.map((_, index) => describe(index)).join('; ');
    const svg = frame.draw(height + 62, `${options.title}. ${data.reason} ${ranks}.`);
    const plot = svg.append('g').attr('transform', `translate(${left},20)`);
    const current = selection.current();
    data.ranking.forEach(({ layer, accuracy, interval }, index) => {
      const y = ROW * (index + 0.5);
      const recommended = layer === data.recommended.layer;
      const row = plot
        .append('g')
        .attr('class', 'pickable')
        .on('click', () => selection.select(layer));
      row
        .append('rect')
        .attr('class', layer === current ? 'column selected' : 'column')
        .attr('x', -left)
        .attr('y', y - ROW / 2)
        .attr('width', left + width + 70)
        .attr('height', ROW);
      const colour = css(SERIES_COLOURS[recommended ? 1 : 0]);
      row
        .append('path')
        .attr('class', 'whisker')
        .attr('d', `M${x(interval[0])},${y}H${x(interval[1])}m0,-3v6M${x(interval[0])},${y - 3}v6`)
        .style('stroke', colour);
      row
        .append('circle')
        .attr('cx', x(accuracy))
        .attr('cy', y)
        .attr('r', recommended ? 6 : 4)
        .style('fill', colour);
      row
        .append('text')
        .attr('x', width + 8)
        .attr('y', y)
        .attr('dy', '0.32em')
        .text(formatPercent(accuracy));
      frame.explain(row.node() as SVGGElement, () => [describe(index)]);
    });
    const bar = data.best.accuracy - data.best.standardError;
    if (bar >= low) {
      plot.append('line').attr('class', 'threshold').attr('x1', x(bar)).attr('x2', x(bar)).attr('y2', height);
      plot
        .append('text')
        .attr('class', 'quantity')
        .attr('x', x(bar))
        .attr('y', -6)
        .attr('text-anchor', x(bar) > width / 2 ? 'end' : 'start')
        .text('best − 1 standard error');
    }
    const ticks = data.ranking.map(({ layer }, index) => ({
      position: ROW * (index + 0.5),
      label: layer === data.recommended.layer ? `★ ${layer}` : layer,
      strong: layer === current,
    }));
    drawRowNames(plot, ticks, (index) => selection.select(layers()[index]));
    const percent = (value: number): string => `${Math.round(1000 * value) / 10} %`;
    drawBottomAxis(
      plot,
      numberTicks('linear', [low, high], x, 5, percent),
      width,
      height,
      `${data.criterion} on ${data.on}`,
    );
    const chosen = layers().indexOf(current ?? '');
    frame.announce(chosen < 0 ? '' : `${describe(chosen)}.`);
  };

  frame.onKeys(layerKeys(selection, layers, 'vertical'));
  return frame.open<Recommendation>(render, (next) => {
    data = next;
  });
};
