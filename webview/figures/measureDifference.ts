import * as l10n from '@vscode/l10n';
import { scalePoint } from 'd3';
import {
  type ComparedQuantity,
  type Comparison,
  comparedAxis,
  comparedQuantities,
  comparisonTable,
  describeUnmatched,
  differenceOf,
} from '../series/comparison.ts';
import { formatCount, formatInterval, formatPercent, formatSigned } from '../series/format.ts';
import { beyondWords, formatMeasure } from '../series/measures.ts';
import { namesUnderAxis } from '../series/nameLayout.ts';
import type { QuantityValue } from '../series/quantities.ts';
import { MANY_LAYERS } from '../series/spectra.ts';
import { addChoice, type Choice } from './controls.ts';
import { drawDifferences, drawDumbbells } from './dumbbells.ts';
import { type Figure, type FigureOptions, type Frame, openFrame } from './frame.ts';
import { type DrawnLayers, openLayerAxisFigure } from './layerAxisFigure.ts';
import { drawLayerStrip, layerAt } from './layerColumns.ts';
import { drawLayerNames } from './layerNames.ts';
import { pairEntry } from './pairStyle.ts';

const MARGIN = { left: 58, right: 16, top: 26, between: 34 };
const HEIGHTS = [200, 90];

type Unit = ComparedQuantity['unit'];

const describeValue = ({ value, interval }: QuantityValue, unit: Unit): string => {
  if (value === null) return l10n.t('no value');
  if (unit === 'number') return formatMeasure({ value, interval }, 'none');
  return interval
    ? l10n.t('{0} (95 % interval {1})', formatPercent(value), formatInterval(interval))
    : formatPercent(value);
};

const describeDifference = (difference: number, unit: Unit): string =>
  unit === 'number'
    ? formatSigned(difference)
    : l10n.t('{0} percentage points', formatSigned(100 * difference, 3));

const describe = ({ nameA, nameB }: Comparison, quantity: ComparedQuantity, index: number): string => {
  const { label, unit, rows } = quantity;
  const { layer, isInput, a, b } = rows[index];
  const difference = differenceOf(rows[index]);
  const beyond = isInput ? beyondWords(comparedAxis(quantity).inputBeyond) : '';
  const both = [
    layer,
    beyond === '' ? label : `${label} (${beyond})`,
    nameA,
    describeValue(a, unit),
    nameB,
    describeValue(b, unit),
  ] as const;
  return difference === null
    ? l10n.t('{0}, {1}: {2} {3}, {4} {5}.', ...both)
    : l10n.t('{0}, {1}: {2} {3}, {4} {5}; difference {6}.', ...both, describeDifference(difference, unit));
};

const summarise = (comparison: Comparison, quantity: ComparedQuantity): string => {
  const all = quantity.rows.map((_, index) => index);
  const told = all.length <= MANY_LAYERS ? all : [0, all.length - 1];
  const words = told.map((index) => describe(comparison, quantity, index)).join(' ');
  return `${l10n.t('{0} layers.', formatCount(quantity.rows.length))} ${words}`;
};

const drawNone = (frame: Frame, comparison: Comparison): null => {
  const reason = l10n.t(
    '{0} and {1} have no layer with the same measure.',
    comparison.nameA,
    comparison.nameB,
  );
  frame.drawNothing(`${reason} ${describeUnmatched(comparison)}`.trim());
  return null;
};

/** Both values of each layer, and below them the difference. */
const drawQuantity = (
  frame: Frame,
  comparison: Comparison,
  quantity: ComparedQuantity,
  { title, selection }: FigureOptions,
): DrawnLayers => {
  const names = quantity.rows.map(({ layer }) => layer);
  const { left, axis: layout } = namesUnderAxis(names, frame.width(), MARGIN.left, MARGIN.right);
  const width = frame.width() - left - MARGIN.right;
  const x = scalePoint(names, [0, width]).padding(0.5);
  const below = MARGIN.top + HEIGHTS[0] + MARGIN.between;
  const height = below + HEIGHTS[1] + layout.height + 8;
  const svg = frame.draw(height, `${title}. ${summarise(comparison, quantity)}`);
  const group = (top: number) => svg.append('g').attr('transform', `translate(${left},${top})`);
  const strip = drawLayerStrip(group(MARGIN.top), x, below + HEIGHTS[1] - MARGIN.top);
  drawDumbbells(group(MARGIN.top), quantity, x, width, HEIGHTS[0]);
  const label = l10n.t('B − A');
  drawDifferences(group(below), quantity, x, { width, height: HEIGHTS[1], label });
  const markName = drawLayerNames(group(below + HEIGHTS[1]), x, layout, selection.select);
  frame.legend.replaceChildren(
    pairEntry(0, comparison.nameA, 'mark'),
    pairEntry(1, comparison.nameB, 'mark'),
    describeUnmatched(comparison),
  );
  return {
    layers: names,
    at: (px) => layerAt(x, px - left),
    mark: (index) => {
      strip(index);
      markName(index);
    },
    readout: (index) => describe(comparison, quantity, index),
    tooltip: (index) => [describe(comparison, quantity, index)],
  };
};

/** One quantity by layer in both analyses, as joined marks, and their difference below; layers are matched by name. */
export const drawMeasureDifference = (
  container: HTMLElement,
  comparison: Comparison,
  options: FigureOptions,
): Figure<Comparison> => {
  let data = comparison;
  let quantities = comparedQuantities(data);
  let key = quantities[0]?.key ?? '';
  const frame = openFrame(container, options, () => comparisonTable(data));
  const draw = (): DrawnLayers | null => {
    const quantity = quantities.find((one) => one.key === key) ?? quantities[0];
    return quantity ? drawQuantity(frame, data, quantity, options) : drawNone(frame, data);
  };
  const choices = (): Choice<string>[] => quantities.map(({ key: value, label }) => ({ value, label }));
  const figure = openLayerAxisFigure<Comparison>(frame, options.selection, draw, (next) => {
    data = next;
    quantities = comparedQuantities(data);
    list.offer(choices(), key);
  });
  const list = addChoice(frame.controls, l10n.t('Quantity'), choices(), (value) => {
    key = value;
    figure.redraw();
  });
  return figure;
};
