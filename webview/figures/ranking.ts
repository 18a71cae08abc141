import * as l10n from '@vscode/l10n';
import { scaleLinear } from 'd3';
import type { Recommendation } from '../../src/protocol/messages.ts';
import { type LayerLabel, layerLabels } from '../../src/protocol/messages.ts';
import { TWO_SIDED } from '../../src/statistics/index.ts';
import {
  formatCount,
  formatInterval,
  formatPercent,
  formatRoundPercent,
  percentOf,
} from '../series/format.ts';
import { namesBeside } from '../series/nameLayout.ts';
import { rankingTable } from '../series/ranking.ts';
import { MANY_LAYERS } from '../series/spectra.ts';
import { drawBottomAxis, drawNames, numberTicks } from './axis.ts';
import { addToggle } from './controls.ts';
import { type Figure, type FigureOptions, type Frame, type Group, openFrame } from './frame.ts';
import { type DrawnLayers, openLayerAxisFigure } from './layerAxisFigure.ts';
import { css, SERIES_COLOURS } from './palette.ts';

const ROW = 22;
/** Space above the rows, and beside them for the percentages. */
const MARGIN = { top: 20, right: 70, bottom: 42 };

type Ranking = Recommendation['ranking'];

/** The range of the intervals, a little wider, within what the score can be. */
const domainOf = (ranking: Ranking, criterion: Recommendation['criterion']): [number, number] => [
  Math.max(
    criterion === 'R²' ? Number.NEGATIVE_INFINITY : 0,
    ranking.reduce((least, { interval }) => Math.min(least, interval[0]), 1) - 0.02,
  ),
  Math.min(1, ranking.reduce((most, { interval }) => Math.max(most, interval[1]), 0) + 0.02),
];

const describe = ({ layer, accuracy, interval, loss, lossError, near }: Ranking[number]): string => {
  const score = l10n.t(
    '{0}: {1} (95 % interval {2})',
    layer,
    formatPercent(accuracy),
    formatInterval(interval),
  );
  if (lossError === 0 && loss === 0) return score;
  const below = l10n.t('{0} ± {1} points below the best', percentOf(loss), percentOf(TWO_SIDED * lossError));
  return near ? `${score}, ${below}, ${l10n.t('cannot be told apart')}` : `${score}, ${below}`;
};

/** Whole: layers of one block are seldom neighbours in a ranking. */
const labelsOf = (ranking: Ranking, recommended: string): LayerLabel[] =>
  layerLabels(ranking.map(({ layer }) => layer)).map((label) => {
    const text = label.name === recommended ? `★ ${label.text}` : label.text;
    return { ...label, text, block: '', inner: text };
  });

/** Accuracies in px. */
interface AccuracyAxis {
  readonly width: number;
  x(value: number): number;
}

const drawRow = (
  plot: Group,
  { layer, accuracy, interval, near }: Ranking[number],
  y: number,
  { x, width }: AccuracyAxis,
  recommended: string,
): void => {
  const isRecommended = layer === recommended;
  const colour = css(SERIES_COLOURS[near ? 1 : 0]);
  const whisker = `M${x(interval[0])},${y}H${x(interval[1])}m0,-3v6M${x(interval[0])},${y - 3}v6`;
  plot.append('path').attr('class', 'whisker').attr('d', whisker).style('stroke', colour);
  const dot = plot.append('circle').attr('cx', x(accuracy)).attr('cy', y);
  dot.attr('r', isRecommended ? 6 : 4).style('stroke', colour);
  dot.style('fill', near ? colour : 'var(--pentimento-background)');
  const value = plot.append('text');
  value
    .attr('x', width + 8)
    .attr('y', y)
    .attr('dy', '0.32em')
    .text(formatPercent(accuracy));
};

/** The samples that layers are ranked on. */
const placeOf = ({ ranked, on }: Recommendation): string => {
  if (ranked.on === on) return on;
  if (ranked.on === 'own')
    return l10n.t('{0} labelled samples of the task, out of fold', formatCount(ranked.samples));
  return ranked.folds > 0
    ? l10n.t('{0} training samples, out of fold', formatCount(ranked.samples))
    : l10n.t('{0} validation samples', formatCount(ranked.samples));
};

const drawRows = (
  frame: Frame,
  data: Recommendation,
  ranking: Ranking,
  { title, selection }: FigureOptions,
): DrawnLayers => {
  const names = namesBeside(labelsOf(ranking, data.recommended.layer), frame.width());
  const left = names.overhang;
  const width = frame.width() - left - MARGIN.right;
  const height = ROW * ranking.length;
  const domain = domainOf(ranking, data.criterion);
  const x = scaleLinear(domain, [0, width]);
  const axis: AccuracyAxis = { width, x };
  const ranks = ranking.slice(0, MANY_LAYERS).map(describe).join('; ');
  const svg = frame.draw(height + MARGIN.top + MARGIN.bottom, `${title}. ${data.reason} ${ranks}.`);
  const plot = svg.append('g').attr('transform', `translate(${left},${MARGIN.top})`);
  const strip = plot.append('rect').attr('class', 'column selected').attr('x', -left);
  strip.attr('width', left + width + MARGIN.right);
  const places = ranking.map((_, index) => ROW * (index + 0.5));
  ranking.forEach((candidate, index) => {
    drawRow(plot, candidate, places[index], axis, data.recommended.layer);
  });
  const markName = drawNames(plot, places, names, (index) => selection.select(ranking[index].layer));
  const numbers = numberTicks('linear', domain, x, 5, formatRoundPercent);
  drawBottomAxis(plot, numbers, width, height, l10n.t('{0} on {1}', data.criterion, placeOf(data)));
  return {
    layers: ranking.map(({ layer }) => layer),
    at: (_, y) => {
      const index = Math.floor((y - MARGIN.top) / ROW);
      return index >= 0 && index < ranking.length ? index : -1;
    },
    mark: (index) => {
      strip.attr('y', ROW * index).attr('height', index < 0 ? 0 : ROW);
      markName(index);
    },
    readout: (index) => `${describe(ranking[index])}.`,
    tooltip: (index) => [describe(ranking[index])],
  };
};

/** Every layer by accuracy on one task, best first, with its interval; those that cannot be told apart from it are filled. */
export const drawRanking = (
  container: HTMLElement,
  recommendation: Recommendation,
  options: FigureOptions,
): Figure<Recommendation> => {
  let data = recommendation;
  let all = false;
  const frame = openFrame(container, options, () => rankingTable(data));
  /** The best ones, and the recommended one at any rank. */
  const shown = (): Ranking =>
    all
      ? data.ranking
      : data.ranking.filter(({ layer }, index) => index < MANY_LAYERS || layer === data.recommended.layer);
  const draw = (): DrawnLayers | null => {
    if (data.ranking.length === 0) {
      frame.drawNothing(l10n.t('No layer has a probe for this task.'));
      return null;
    }
    const ranking = shown();
    const drawn = drawRows(frame, data, ranking, options);
    const cut = data.ranking.length - ranking.length;
    frame.legend.replaceChildren(
      cut === 0
        ? ''
        : l10n.t('{0} lower-ranked layers are not drawn. The table shows all layers.', formatCount(cut)),
    );
    return drawn;
  };
  const replace = (next: Recommendation): void => {
    data = next;
  };
  const figure = openLayerAxisFigure(frame, options.selection, draw, replace, 'vertical');
  if (data.ranking.length > MANY_LAYERS) {
    addToggle(frame.controls, l10n.t('show all {0} layers', formatCount(data.ranking.length)), all, (on) => {
      all = on;
      figure.redraw();
    });
  }
  return figure;
};
