import * as l10n from '@vscode/l10n';
import {
  type Comparison,
  describeUnmatched,
  type LayerPair,
  matchLayers,
  spectrumComparisonTable,
} from '../series/comparison.ts';
import { describeSpectrum } from '../series/describeSpectrum.ts';
import { pathOf } from '../series/linePath.ts';
import { fittingTitle } from '../series/nameLayout.ts';
import { nearestLine } from '../series/nearestLine.ts';
import {
  firstSettings,
  type SpectrumSettings,
  type SpectrumView,
  spectrumView,
} from '../series/spectrumView.ts';
import { type Figure, type FigureOptions, type Frame, layerKeys, openFrame } from './frame.ts';
import { PAIR_STYLE, pairEntry } from './pairStyle.ts';
import { addSpectrumControls } from './spectrumControls.ts';
import { drawAxes } from './spectrumPanel.ts';
import { createPanel, curveOf } from './spectrumScales.ts';

const HEIGHT = 346;
const MARGIN = { left: 58, right: 16, top: 46, bottom: 44 };
const REACH = 14;

/** The pair to draw, or why there is none. */
const chosenPair = (comparison: Comparison, highlighted: string | null): LayerPair | string => {
  const { pairs } = matchLayers(comparison);
  const { nameA, nameB } = comparison;
  if (pairs.length === 0) return l10n.t('{0} and {1} have no layer of the same name.', nameA, nameB);
  if (highlighted === null) return pairs.findLast(({ a }) => a.part === 'encoder') ?? pairs[pairs.length - 1];
  const reason = l10n.t('{0} is not a layer of both {1} and {2}.', highlighted, nameA, nameB);
  return pairs.find(({ a }) => a.name === highlighted) ?? `${reason} ${describeUnmatched(comparison)}`;
};

/** What both lines show. */
const linesOf = (
  { nameA, nameB }: Comparison,
  { a, b }: LayerPair,
  settings: SpectrumSettings,
): [string, string] => [
  `${nameA}, ${describeSpectrum(a, settings)}`,
  `${nameB}, ${describeSpectrum(b, settings)}`,
];

/** Draws a pair; returns which of its two lines is near a point of the drawing, or -1. */
const drawPair = (
  frame: Frame,
  { a }: LayerPair,
  view: SpectrumView,
  summary: string,
): ((x: number, y: number) => number) => {
  const svg = frame.draw(HEIGHT, summary);
  const plot = svg.append('g').attr('transform', `translate(${MARGIN.left},${MARGIN.top})`);
  const width = frame.width() - MARGIN.left - MARGIN.right;
  const panel = createPanel(view, width, HEIGHT - MARGIN.top - MARGIN.bottom, 7);
  plot
    .append('text')
    .attr('class', 'panel-title')
    .attr('x', 8 - MARGIN.left)
    .attr('y', -27)
    .text(fittingTitle(a.name, frame.width() - 8))
    .append('title')
    .text(a.name);
  drawAxes(plot, panel, view.quantity);
  const placed = view.series.map(({ values }) => panel.place(curveOf(values), 0.5));
  placed.forEach((line, index) => {
    const { colour, dash } = PAIR_STYLE[index];
    const path = plot.append('path').attr('class', 'line').attr('d', pathOf(line));
    path
      .attr('stroke-dasharray', dash || null)
      .style('stroke', colour)
      .style('stroke-width', 2.2);
  });
  return (x, y) => nearestLine(placed, x - MARGIN.left, y - MARGIN.top, REACH);
};

const VIEWS = [
  { value: 'overlay', label: l10n.t('values') },
  { value: 'energy', label: l10n.t('cumulative energy') },
] as const;

/** The selected layer's spectrum in both analyses; without one, that of the last common layer of the encoder. */
export const drawSpectrumComparison = (
  container: HTMLElement,
  comparison: Comparison,
  options: FigureOptions,
): Figure<Comparison> => {
  let data = comparison;
  let settings = firstSettings([...comparison.a.layers, ...comparison.b.layers]);
  let at: (x: number, y: number) => number = () => -1;
  const { selection } = options;
  const frame = openFrame(container, options, () => spectrumComparisonTable(data, settings.kind));
  const layers = (): string[] => matchLayers(data).pairs.map(({ a }) => a.name);
  const chosen = (): LayerPair | string => chosenPair(data, selection.current());

  const render = (): void => {
    at = () => -1;
    const pair = chosen();
    const view =
      typeof pair === 'string' ? null : spectrumView({ ...data.a, layers: [pair.a, pair.b] }, settings);
    if (typeof pair === 'string' || !view) {
      const reason =
        typeof pair === 'string' ? pair : l10n.t('Neither side has this spectrum of {0}.', pair.a.name);
      frame.drawNothing(reason, 'keepControls');
      return;
    }
    const words = linesOf(data, pair, settings).join(' ');
    at = drawPair(frame, pair, view, `${options.title}. ${words}`);
    frame.legend.replaceChildren(
      pairEntry(0, data.nameA, 'line'),
      pairEntry(1, data.nameB, 'line'),
      describeUnmatched(data),
    );
    frame.announce(words);
  };
  const change = (changes: Partial<SpectrumSettings>): void => {
    settings = { ...settings, ...changes };
    figure.update(data);
  };
  addSpectrumControls(frame.controls, VIEWS, settings, change);
  frame.explainAt(
    (x, y) => {
      const [index, pair] = [at(x, y), chosen()];
      return index < 0 || typeof pair === 'string' ? null : [linesOf(data, pair, settings)[index]];
    },
    () => {},
  );
  frame.onKeys(layerKeys(selection, layers, 'horizontal'));
  const figure = frame.open<Comparison>(render, (next) => {
    data = next;
  });
  return figure;
};
