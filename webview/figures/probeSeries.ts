import { line, symbol } from 'd3';
import type { AccuracyPoint, AccuracySeries } from '../series/accuracy.ts';
import type { Group } from './frame.ts';
import { css, seriesStyle } from './palette.ts';

/** One task: the band of its null, its accuracy and, dashed with open marks, its worst group, with their intervals. */
export const drawSeries = (
  group: Group,
  series: AccuracySeries,
  index: number,
  x: (layer: string) => number,
  y: (value: number) => number,
): void => {
  const { colour, marker } = seriesStyle(index);
  const fill = css(colour);
  const path = line<AccuracyPoint>().x(({ layer }) => x(layer));
  const nulls = series.points.filter(({ shuffled }) => shuffled !== null);
  if (nulls.length > 0) {
    const band = [
      ...nulls.map(({ layer, shuffled }): [number, number] => [x(layer), y(shuffled?.[1] ?? 0)]),
      ...[...nulls]
        .reverse()
        .map(({ layer, shuffled }): [number, number] => [x(layer), y(shuffled?.[0] ?? 0)]),
    ];
    group
      .append('path')
      .attr('class', 'band')
      .attr('d', `${line()(band)}Z`)
      .style('fill', fill);
  }
  const drawLine = (value: (point: AccuracyPoint) => number | null, dash: string): void => {
    path.defined((point) => value(point) !== null).y((point) => y(value(point) ?? 0));
    group
      .append('path')
      .attr('class', 'line')
      .attr('d', path(series.points))
      .attr('stroke-dasharray', dash)
      .style('stroke', fill);
  };
  drawLine(({ evaluation }) => evaluation?.accuracy ?? null, 'none');
  drawLine(({ evaluation }) => evaluation?.worstGroup?.accuracy ?? null, '5 4');
  for (const point of series.points) {
    const here = x(point.layer);
    for (const score of [point.evaluation, point.evaluation?.worstGroup ?? null]) {
      if (score?.accuracy == null) continue;
      if (score.interval) {
        const [low, high] = score.interval;
        const whisker = group.append('path').attr('class', 'whisker').style('stroke', fill);
        whisker.attr('d', `M${here},${y(low)}V${y(high)}M${here - 3},${y(low)}h6M${here - 3},${y(high)}h6`);
      }
      const open = score !== point.evaluation;
      group
        .append('path')
        .attr('class', open ? 'marker open' : 'marker')
        .attr('d', symbol(marker, open ? 30 : 48)())
        .attr('transform', `translate(${here},${y(score.accuracy)})`)
        .style('stroke', fill)
        .style('fill', open ? 'var(--pentimento-background)' : fill);
    }
  }
};
