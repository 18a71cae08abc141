import { type Path, pathRound, type SymbolType, select } from 'd3';
import type { LayerKind } from '../../../src/protocol/messages.ts';
import { element } from '../../figures/element.ts';
import type { Group } from '../../figures/frame.ts';
import { css, seriesStyle } from '../../figures/palette.ts';
import type { Point } from '../series/depthProfile.ts';
import { KIND_LABELS } from '../series/words.ts';

const KINDS = Object.keys(KIND_LABELS) as LayerKind[];

/** Colour and marker of a kind: the same in every checkpoint. */
const styleOf = (kind: LayerKind) => seriesStyle(KINDS.indexOf(kind));

/** How many markers a path has: the browser skips paths that are not where it paints. */
const CHUNK = 500;

/** Decimals of a px: thousands of outlines are long texts. */
const DIGITS = 2;

type Canvas = Parameters<SymbolType['draw']>[0];

/** A canvas that moves what is drawn on it before it writes it to a path; no marker is made of ellipses. */
const movedBy = ([dx, dy]: Point, to: Path): Canvas =>
  ({
    moveTo: (x, y) => to.moveTo(x + dx, y + dy),
    lineTo: (x, y) => to.lineTo(x + dx, y + dy),
    closePath: () => to.closePath(),
    rect: (x, y, width, height) => to.rect(x + dx, y + dy, width, height),
    arc: (x, y, ...rest) => to.arc(x + dx, y + dy, ...rest),
  }) as Pick<Canvas, 'moveTo' | 'lineTo' | 'closePath' | 'rect' | 'arc'> as Canvas;

/** The outline of a marker at each point. */
const outlines = (marker: SymbolType, size: number, points: readonly Point[]): string => {
  const drawn = pathRound(DIGITS);
  for (const point of points) marker.draw(movedBy(point, drawn), size);
  return drawn.toString();
};

/** Draws a marker of a kind at every point, filled or open, in few elements: there may be thousands. */
export const drawMarkers = (
  group: Group,
  kind: LayerKind,
  isOpen: boolean,
  size: number,
  points: readonly Point[],
): void => {
  const { colour, marker } = styleOf(kind);
  for (let from = 0; from < points.length; from += CHUNK) {
    const outline = group
      .append('path')
      .attr('class', isOpen ? 'marker open' : 'dot')
      .attr('d', outlines(marker, size, points.slice(from, from + CHUNK)));
    if (isOpen) outline.style('stroke', css(colour));
    else outline.style('fill', css(colour));
  }
};

const ENTRY_SIZE = 44;

const entryWith = (words: string, draw: (group: Group) => void): HTMLElement => {
  const entry = element('span', { class: 'entry' });
  const svg = select(entry).append('svg').attr('width', 14).attr('height', 12).attr('aria-hidden', 'true');
  draw(svg.append('g').attr('transform', 'translate(7,6)') as Group);
  entry.append(words);
  return entry;
};

/** The entry of a kind in a key. */
export const kindEntry = (kind: LayerKind): HTMLElement =>
  entryWith(KIND_LABELS[kind], (group) => drawMarkers(group, kind, false, ENTRY_SIZE, [[0, 0]]));

/** The entry of one of two checkpoints: the markers of the first are filled, those of the second open. */
export const sideEntry = (name: string, place: number): HTMLElement =>
  entryWith(name, (group) => {
    const { marker } = styleOf(KINDS[0]);
    const outline = group.append('path').attr('class', place === 0 ? 'dot' : 'marker open');
    outline.attr('d', outlines(marker, ENTRY_SIZE, [[0, 0]])).style('stroke', 'var(--pentimento-foreground)');
    if (place === 0) outline.style('fill', 'var(--pentimento-foreground)');
  });

/** Layers without a value: a cross, or a short line while they are not measured. */
export const gapsPath = (waiting: boolean, points: readonly Point[]): string =>
  points
    .map(([x, y]) => {
      const [left, right] = [x - 3, x + 3].map((at) => at.toFixed(1));
      const [top, bottom] = [y - 3, y + 3];
      return waiting
        ? `M${x.toFixed(1)},${top}V${bottom}`
        : `M${left},${top}L${right},${bottom}M${left},${bottom}L${right},${top}`;
    })
    .join('');

export const gapEntry = (words: string, waiting: boolean): HTMLElement =>
  entryWith(words, (group) => {
    group
      .append('path')
      .attr('class', waiting ? 'gap waiting' : 'gap')
      .attr('d', gapsPath(waiting, [[0, 0]]));
  });
