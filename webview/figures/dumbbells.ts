import * as l10n from '@vscode/l10n';
import type { ScalePoint } from 'd3';
import { type ComparedQuantity, comparedAxis, differenceAxis, differenceOf } from '../series/comparison.ts';
import { formatNumber, formatRoundPercent } from '../series/format.ts';
import { drawLeftAxis } from './axis.ts';
import { drawBeyond, fittedScale } from './fittedScale.ts';
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
  const format = quantity.unit === 'accuracy' ? formatRoundPercent : formatNumber;
  const scale = fittedScale(comparedAxis(quantity), height, 5, format);
  drawLeftAxis(group, scale.ticks, width, quantity.label);
  const joins = quantity.rows
    .filter((row) => differenceOf(row) !== null)
    .map(({ layer, isInput, a, b }) => {
      const [from, to] = [a, b].map(({ value }) => scale.place(value ?? 0, isInput));
      return `M${x(layer)},${from}V${to}`;
    });
  group
    .append('path')
    .attr('class', 'domain')
    .attr('d', joins.join(''))
    .style('stroke-width', radiusOf(x) / 2);
  for (const { layer, isInput, a, b } of quantity.rows) {
    const here = x(layer) ?? 0;
    if (a.value !== null) drawMark(group, here, scale.place(a.value, isInput), radiusOf(x), 0);
    if (b.value !== null) drawMark(group, here, scale.place(b.value, isInput), radiusOf(x), 1);
    const numbers = [a, b].flatMap(({ value }) => (value === null ? [] : [format(value)]));
    if (isInput && scale.edge !== null) drawBeyond(group, here, scale.edge, numbers.join(' → '));
  }
};

/** Second minus first at every layer, as bars from zero; a cross where one of them has no value. */
export const drawDifferences = (
  group: Group,
  quantity: ComparedQuantity,
  x: ScalePoint<string>,
  { width, height, label }: { readonly width: number; readonly height: number; readonly label: string },
): void => {
  const points = quantity.unit === 'accuracy';
  const format = points ? (value: number) => formatNumber(100 * value) : formatNumber;
  const scale = fittedScale(differenceAxis(quantity), height, 4, format);
  const zero = scale.place(0, false);
  drawLeftAxis(group, scale.ticks, width, points ? l10n.t('{0}, percentage points', label) : label);
  group.append('line').attr('class', 'domain').attr('x2', width).attr('y1', zero).attr('y2', zero);
  const bar = (row: Row): string => {
    const [here, difference] = [x(row.layer) ?? 0, differenceOf(row)];
    return difference === null ? '' : `M${here},${zero}V${scale.place(difference, row.isInput)}`;
  };
  const bars = group.append('path').attr('class', 'bar');
  bars
    .attr('d', quantity.rows.map(bar).join(''))
    .style('stroke-width', Math.max(1.5, Math.min(12, x.step() / 2)));
  for (const row of quantity.rows)
    if (row.isInput && scale.edge !== null)
      drawBeyond(group, x(row.layer) ?? 0, scale.edge, format(differenceOf(row) ?? 0));
  const crosses = quantity.rows.filter((row) => differenceOf(row) === null);
  const cross = ({ layer }: Row): string => `M${(x(layer) ?? 0) - 3},${zero - 3}l6,6m0,-6l-6,6`;
  group.append('path').attr('class', 'missing').attr('d', crosses.map(cross).join(''));
};
