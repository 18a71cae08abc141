import * as l10n from '@vscode/l10n';
import { type ScalePoint, scaleLinear } from 'd3';
import { type ComparedQuantity, differenceOf } from '../series/comparison.ts';
import { formatNumber, formatRoundPercent } from '../series/format.ts';
import { valueRange } from '../series/training.ts';
import { drawLeftAxis, numberTicks } from './axis.ts';
import type { Group } from './frame.ts';
import { PAIR_STYLE } from './pairStyle.ts';

type Row = ComparedQuantity['rows'][number];

const radiusOf = (x: ScalePoint<string>): number => Math.max(1.5, Math.min(5, x.step() / 3));

const drawMark = (group: Group, x: number, y: number, radius: number, place: 0 | 1): void => {
  const { colour } = PAIR_STYLE[place];
  const dot = group.append('circle').attr('class', place === 0 ? 'dot' : 'marker open');
  dot.attr('cx', x).attr('cy', y).attr('r', radius).attr('pointer-events', 'none').style('stroke', colour);
  // An equal filled mark remains visible through an open one.
  dot.style('fill', place === 0 ? colour : 'none');
};

/** Both values at every layer, joined by a line: filled marks for the first, open ones for the second. */
export const drawDumbbells = (
  group: Group,
  quantity: ComparedQuantity,
  x: ScalePoint<string>,
  width: number,
  height: number,
): void => {
  const values = quantity.rows.flatMap(({ a, b }) => [a.value, b.value]).filter((value) => value !== null);
  const points = values.map((value): [number, number] => [0, value]);
  // Accuracies are compared with each other; other quantities with zero.
  const domain = valueRange(points, quantity.unit === 'number' && points.every(([, value]) => value >= 0));
  const y = scaleLinear(domain, [height, 0]).nice(4);
  const ticks = numberTicks(
    'linear',
    y.domain() as [number, number],
    y,
    5,
    quantity.unit === 'accuracy' ? formatRoundPercent : formatNumber,
  );
  drawLeftAxis(group, ticks, width, quantity.label);
  const joins = quantity.rows
    .filter((row) => differenceOf(row) !== null)
    .map(({ layer, a, b }) => `M${x(layer)},${y(a.value ?? 0)}V${y(b.value ?? 0)}`);
  group
    .append('path')
    .attr('class', 'domain')
    .attr('d', joins.join(''))
    .style('stroke-width', radiusOf(x) / 2);
  for (const { layer, a, b } of quantity.rows) {
    const here = x(layer) ?? 0;
    if (a.value !== null) drawMark(group, here, y(a.value), radiusOf(x), 0);
    if (b.value !== null) drawMark(group, here, y(b.value), radiusOf(x), 1);
  }
};

/** Second minus first at every layer, as bars from zero; a cross where one of them has no value. */
export const drawDifferences = (
  group: Group,
  quantity: ComparedQuantity,
  x: ScalePoint<string>,
  { width, height, label }: { readonly width: number; readonly height: number; readonly label: string },
): void => {
  const largest =
    quantity.rows.reduce((most, row) => Math.max(most, Math.abs(differenceOf(row) ?? 0)), 0) || 1;
  const points = quantity.unit === 'accuracy';
  const y = scaleLinear([-largest, largest], [height, 0]).nice(2);
  const ticks = numberTicks(
    'linear',
    y.domain() as [number, number],
    y,
    4,
    points ? (value) => formatNumber(100 * value) : formatNumber,
  );
  drawLeftAxis(group, ticks, width, points ? l10n.t('{0}, percentage points', label) : label);
  group.append('line').attr('class', 'domain').attr('x2', width).attr('y1', y(0)).attr('y2', y(0));
  const bar = (row: Row): string => {
    const [here, difference] = [x(row.layer) ?? 0, differenceOf(row)];
    return difference === null ? '' : `M${here},${y(0)}V${y(difference)}`;
  };
  const bars = group.append('path').attr('class', 'cursor').attr('pointer-events', 'none');
  bars
    .attr('d', quantity.rows.map(bar).join(''))
    .style('stroke-width', Math.max(1.5, Math.min(12, x.step() / 2)));
  const crosses = quantity.rows.filter((row) => differenceOf(row) === null);
  const cross = ({ layer }: Row): string => `M${(x(layer) ?? 0) - 3},${y(0) - 3}l6,6m0,-6l-6,6`;
  group.append('path').attr('class', 'missing').attr('d', crosses.map(cross).join(''));
};
