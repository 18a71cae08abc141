import { type Path, pathRound } from 'd3';
import type { Hatching, Ink, Pen, Surface } from './pen.ts';

/** An element of an SVG file. */
export interface Shape {
  readonly name: 'rect' | 'path';
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface RecorderLimits {
  /** Filled rectangles beyond which equal neighbours in a row become one. */
  readonly merged: number;
  /** Filled rectangles beyond which there is no recording. */
  readonly most: number;
}

const LIMITS: RecorderLimits = { merged: 20_000, most: 250_000 };
/** Digits after the point, in px. */
const DIGITS = 2;
/** Edges are on hundredths of a px: neighbours meet, and numbers are short. */
const SCALE = 10 ** DIGITS;

interface FilledBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
}

const short = (value: number): number => Number(value.toFixed(DIGITS));

const isHatching = (ink: Ink): ink is Hatching => typeof ink === 'object' && 'period' in ink;
/** Only boxes are hatched. */
const colourOf = (ink: Ink): string => (isHatching(ink) ? ink.ground : String(ink));

const rectangle = ({ x, y, width, height }: FilledBox, fill: string): Shape => ({
  name: 'rect',
  attributes: { x: short(x), y: short(y), width: short(width), height: short(height), fill },
});

/** The lines x + y = n period inside a box, so that the hatching of neighbours joins; no pattern, which few programs read alike. */
const hatchingLines = ({ x, y, width, height }: FilledBox, { period, line }: Hatching): Shape => {
  const path = pathRound(DIGITS);
  for (let sum = Math.ceil((x + y) / period) * period; sum < x + width + y + height; sum += period) {
    const from = Math.max(x, sum - y - height);
    const to = Math.min(x + width, sum - y);
    if (to <= from) continue;
    path.moveTo(from, sum - from);
    path.lineTo(to, sum - to);
  }
  return {
    name: 'path',
    attributes: { d: path.toString(), fill: 'none', stroke: line, 'stroke-width': short(period / 5) },
  };
};

const shapesOf = (painted: FilledBox | Shape): Shape[] => {
  if ('name' in painted) return [painted];
  const { ink } = painted;
  const ground = rectangle(painted, colourOf(ink));
  return isHatching(ink) ? [ground, hatchingLines(painted, ink)] : [ground];
};

const meets = (a: FilledBox, b: FilledBox): boolean =>
  a.ink === b.ink && a.y === b.y && a.height === b.height && Math.abs(a.x + a.width - b.x) < 0.5 / SCALE;

/** Boxes of the same ink that touch in a row as one. */
const merge = (painted: readonly (FilledBox | Shape)[]): (FilledBox | Shape)[] => {
  const merged: (FilledBox | Shape)[] = [];
  for (const next of painted) {
    const last = merged[merged.length - 1];
    if (last && !('name' in last) && !('name' in next) && meets(last, next))
      merged[merged.length - 1] = { ...last, width: next.x + next.width - last.x };
    else merged.push(next);
  }
  return merged;
};

const recorder = (most: number): { pen: Pen; painted: (FilledBox | Shape)[]; boxes: () => number } => {
  const painted: (FilledBox | Shape)[] = [];
  let boxes = 0;
  let path: Path = pathRound(DIGITS);
  const pen: Pen = {
    fillStyle: '#000000',
    strokeStyle: '#000000',
    lineWidth: 1,
    fillRect: (x, y, width, height) => {
      if (++boxes <= most) painted.push({ x, y, width, height, ink: pen.fillStyle });
    },
    strokeRect: (x, y, width, height) => {
      const outline = pathRound(DIGITS);
      outline.rect(x, y, width, height);
      stroke(outline);
    },
    beginPath: () => {
      path = pathRound(DIGITS);
    },
    moveTo: (x, y) => path.moveTo(x, y),
    lineTo: (x, y) => path.lineTo(x, y),
    arc: (x, y, radius, from, to) => path.arc(x, y, radius, from, to),
    fill: () => {
      painted.push({ name: 'path', attributes: { d: path.toString(), fill: colourOf(pen.fillStyle) } });
    },
    stroke: () => stroke(path),
  };
  const stroke = (line: Path): void => {
    const attributes = { stroke: colourOf(pen.strokeStyle), 'stroke-width': short(pen.lineWidth) };
    painted.push({ name: 'path', attributes: { d: line.toString(), fill: 'none', ...attributes } });
  };
  return { pen, painted, boxes: () => boxes };
};

/** What `paint` paints as shapes of an SVG file, in px; null if it fills too many cells for a file. */
export const recordShapes = (
  paint: (pen: Pen, surface: Surface) => void,
  { merged, most }: RecorderLimits = LIMITS,
): Shape[] | null => {
  const { pen, painted, boxes } = recorder(most);
  paint(pen, {
    scale: SCALE,
    hatching: (hatching) => hatching,
    fillCell: ({ x, y, width, height }, colour) => {
      pen.fillStyle = colour;
      pen.fillRect(x, y, width, height);
    },
  });
  if (boxes() > most) return null;
  return (boxes() > merged ? merge(painted) : painted).flatMap(shapesOf);
};
