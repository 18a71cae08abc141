import * as l10n from '@vscode/l10n';
import { line, scaleLinear, scaleLog, select } from 'd3';
import { drawBottomAxis, drawLeftAxis, FONT_SIZE, numberTicks } from '../../figures/axis.ts';
import { element } from '../../figures/element.ts';
import type { Drawing, Group } from '../../figures/frame.ts';
import { PAIR_STYLE } from '../../figures/pairStyle.ts';
import { css, SERIES_COLOURS } from '../../figures/palette.ts';
import { fittingText, shorten, textWidth } from '../../series/format.ts';
import { pixelIndices } from '../../series/spectra.ts';
import type { LayerFigureData } from '../series/figureData.ts';

/** How the figures of a layer draw the checkpoint at index `place`, alone or beside another. */
export interface SideStyle {
  readonly measured: Stroke;
  readonly shuffled: Stroke;
  readonly fit: Stroke;
  readonly edge: Stroke;
}

export const sideStyle = (place: number, compared: boolean): SideStyle => {
  const { colour, dash } = PAIR_STYLE[place];
  const measured = { colour, dash, width: 2 };
  if (!compared)
    return {
      measured,
      shuffled: { colour: FOREGROUND, dash: SHUFFLED_DASH, width: 1.4 },
      fit: { colour: css(SERIES_COLOURS[1]), dash: '', width: 2.6 },
      edge: { colour: FOREGROUND, dash: EDGE_DASH, width: 1.2 },
    };
  return {
    measured,
    shuffled: { colour, dash: '1.5 3', width: 1.4 },
    fit: { colour, dash: place === 0 ? '12 3' : '12 3 2 3', width: 2.6 },
    edge: { colour, dash: EDGE_DASH, width: 1.2 },
  };
};

export interface PlaneAxes {
  readonly logX: boolean;
  readonly logY: boolean;
  readonly domainX: readonly [number, number];
  readonly domainY: readonly [number, number];
}

/** A pair of axes with a plot inside them. */
export interface Plane {
  readonly plot: Group;
  readonly width: number;
  readonly height: number;
  x(value: number): number;
  y(value: number): number;
  /** The value at a position in the drawing, in px from its left. */
  valueAt(px: number): number;
  /** A line through points that are on the axes, thinned to one per pixel; null if there are fewer than two. */
  path(xs: readonly number[], ys: readonly number[]): string | null;
}

export const PLANE_HEIGHT = 320;
const TITLE_SIZE = 13;
const MARGIN = { left: 62, right: 16, top: 44, bottom: 44 };

export interface PlaneWords {
  readonly title: string;
  /** The quantity of the axis below, from the longest text to the shortest. */
  readonly x: readonly string[];
  readonly y: string;
  /** Leaves out fractional numbers on the axis below. */
  readonly whole: boolean;
}

/** Axes with their numbers, quantities and a title above. */
export const drawPlane = (svg: Drawing, width: number, axes: PlaneAxes, words: PlaneWords): Plane => {
  const [inner, height] = [width - MARGIN.left - MARGIN.right, PLANE_HEIGHT - MARGIN.top - MARGIN.bottom];
  const x = (axes.logX ? scaleLog() : scaleLinear()).domain(axes.domainX).range([0, inner]);
  const y = (axes.logY ? scaleLog() : scaleLinear()).domain(axes.domainY).range([height, 0]);
  const plot = svg.append('g').attr('transform', `translate(${MARGIN.left},${MARGIN.top})`);
  plot
    .append('text')
    .attr('class', 'panel-title')
    .attr('x', 8 - MARGIN.left)
    .attr('y', -28)
    // A bold name is wider.
    .text(shorten(words.title, Math.floor(width / (1.1 * textWidth('m', TITLE_SIZE)))));
  const ticks = Math.max(3, Math.min(7, Math.floor(inner / 70)));
  const ticksX = numberTicks(axes.logX ? 'log' : 'linear', axes.domainX, x, ticks);
  drawLeftAxis(plot, numberTicks(axes.logY ? 'log' : 'linear', axes.domainY, y, 6), inner, words.y);
  const shown = words.whole ? ticksX.filter(({ label }) => !label.includes('.')) : ticksX;
  drawBottomAxis(plot, shown, inner, height, fittingText(words.x, inner, FONT_SIZE));
  return {
    plot,
    width: inner,
    height,
    // Zero has no logarithm: values below an axis are drawn at its beginning.
    x: (value) => x(Math.max(value, axes.domainX[0])),
    y: (value) => y(Math.max(value, axes.domainY[0])),
    valueAt: (px) => x.invert(Math.max(0, Math.min(inner, px - MARGIN.left))),
    path: (xs, ys) => {
      const inside = xs.flatMap((value, index) =>
        value >= axes.domainX[0] && value <= axes.domainX[1] && ys[index] >= axes.domainY[0] ? [index] : [],
      );
      if (inside.length < 2) return null;
      const kept = pixelIndices(inside.length, (index) => x(xs[inside[index]]));
      return line<number>()
        .digits(1)
        .x((index) => x(xs[inside[index]]))
        .y((index) => y(ys[inside[index]]))(kept);
    },
  };
};

export interface Stroke {
  readonly colour: string;
  readonly dash: string;
  readonly width?: number;
}

const FOREGROUND = 'var(--pentimento-foreground)';
/** Dashes of lines that are drawn beside a measured one. */
const SHUFFLED_DASH = '4 4';
const EDGE_DASH = '9 3 2 3';

export const stroke = (group: Group, d: string | null, { colour, dash, width = 1.6 }: Stroke): void => {
  if (d === null) return;
  const path = group.append('path').attr('class', 'line').attr('d', d);
  path
    .attr('stroke-dasharray', dash || null)
    .style('stroke', colour)
    .style('stroke-width', width);
};

/** An open diamond: a spike. */
export const SPIKE = 'M0,-5L5,0L0,5L-5,0Z';

/** A legend entry with a sample of the line that it explains, or with the mark of a spike. */
export const planeEntry = (words: string, mark: Stroke | 'spike', colour = FOREGROUND): HTMLElement => {
  const entry = element('span', { class: 'entry' });
  const svg = select(entry).append('svg').attr('width', 26).attr('height', 12).attr('aria-hidden', 'true');
  if (mark === 'spike') {
    const diamond = svg.append('path').attr('class', 'marker open').attr('d', SPIKE);
    diamond.attr('transform', 'translate(13,6)').style('stroke', colour);
  } else stroke(svg.append('g') as Group, 'M0,6H26', mark);
  entry.append(words);
  return entry;
};

/** Moves a ring over the picture, or hides it without a position. */
export const drawRing = (
  plane: Pick<Plane, 'plot'>,
): ((place: readonly [x: number, y: number] | null) => void) => {
  const rings = ['focus-ground', 'focus'].map((name) =>
    plane.plot.append('circle').attr('class', name).attr('r', 7).attr('visibility', 'hidden'),
  );
  return (place) => {
    for (const ring of rings) {
      ring.attr('visibility', place ? 'visible' : 'hidden');
      if (place) ring.attr('cx', place[0]).attr('cy', place[1]);
    }
  };
};

/** Why the figures of a layer draw nothing, in a sentence. */
export const noSpectrumReason = ({ layer, sides }: LayerFigureData): string => {
  const present = sides.filter((side) => side.layer !== null);
  if (present.some(({ measured }) => measured === null)) return l10n.t('{0} is being measured…', layer);
  const problem = present.find(({ measured }) => measured?.problem)?.measured?.problem;
  if (problem) return problem;
  return l10n.t('Every singular value of {0} is zero.', layer);
};
