import { cutLabel, type LayerLabel, layerLabels } from '../../src/protocol/messages.ts';
import { shorten, textWidth } from './format.ts';

/** Where names go along an axis: which of them, how far cut, and where. No two touch, and none leaves its figure. */

/** Px of the text of figures; its letters are at most as high. */
export const FONT_SIZE = 11;
/** How much wider a bold name is. */
export const STRONG = 1.08;
/** Characters of a name on an axis; the whole name is in its title, the tooltip and the table. */
const NAME_LIMIT = 20;
const LEAST_LIMIT = 4;
/** Px that every figure with names below it has to the left of its axis. */
const LEAST_ROOM = 50;
/** Px between the axis and the end of a name beside it. */
const BESIDE = 8;
/** The end of a slanted name, from its place on the axis. */
const SLANTED = { x: 4, y: 14, angle: -45 };
/** The middle of a horizontal name below the axis. */
const FLAT_Y = 17;
/** Px that the letters of a slanted name take to the left of its line. */
const SLANTED_LETTERS = FONT_SIZE * Math.SQRT1_2;

/** Px of the title of a panel, which is bold. */
const TITLE_SIZE = 13;

/** The title of a panel, cut to `width` px. */
export const fittingTitle = (name: string, width: number): string =>
  shorten(name, Math.floor(width / (STRONG * textWidth('m', TITLE_SIZE))));

/** The name of a layer over its panel, cut to `width` px also in bold. */
export const fittingName = (label: LayerLabel, width: number): string =>
  cutLabel(label, Math.max(LEAST_LIMIT, Math.floor(width / (STRONG * textWidth('m', FONT_SIZE)))));

type Kind = 'beside' | 'below' | 'slanted';

/** Px between the places of names that do not touch. */
const SPACING: Readonly<Record<Kind, number>> = {
  beside: FONT_SIZE + 1,
  below: 0,
  slanted: 1.6 * FONT_SIZE,
};

/** The names along an axis: beside rows, or below columns. */
export interface NameAxis {
  readonly labels: readonly LayerLabel[];
  readonly kind: Kind;
  /** Px below the axis. */
  readonly height: number;
  /** Px to the left of the first place. */
  readonly overhang: number;
  /** Most characters of the name at a place, in px along the axis. */
  limit(position: number): number;
}

export interface PlacedName {
  readonly index: number;
  readonly text: string;
  readonly x: number;
  /** Of the line on which the letters are. */
  readonly y: number;
  /** Degrees; only slanted names have one. */
  readonly angle: number;
  readonly align: 'end' | 'middle';
}

const longestOf = (labels: readonly LayerLabel[], limit: number): number =>
  labels.reduce((most, label) => Math.max(most, textWidth(cutLabel(label, limit), FONT_SIZE)), 0);

/** Names below columns of `step` px with `room` px to the left of them: horizontal if all fit, otherwise slanted. */
export const namesBelow = (labels: readonly LayerLabel[], step: number, room: number): NameAxis => {
  const longest = STRONG * longestOf(labels, NAME_LIMIT);
  if (longest + 4 <= step)
    return { labels, kind: 'below', height: 24, overhang: longest / 2, limit: () => NAME_LIMIT };
  const reach = longest * Math.SQRT1_2;
  return {
    labels,
    kind: 'slanted',
    height: reach + SLANTED.y + 4,
    overhang: reach + SLANTED_LETTERS - SLANTED.x,
    limit: (position) => {
      const left = room + position + SLANTED.x - SLANTED_LETTERS;
      const letter = STRONG * textWidth('m', FONT_SIZE) * Math.SQRT1_2;
      return Math.max(LEAST_LIMIT, Math.min(NAME_LIMIT, Math.floor(left / letter)));
    },
  };
};

/** The same for the names of layers in a figure with a plain margin. */
export const nameAxis = (names: readonly string[], step: number): NameAxis =>
  namesBelow(layerLabels(names), step, LEAST_ROOM);

/** Most px to the left of an axis for the names of its first layers. */
const MOST_ROOM = 110;

/**
 * Names of layers below an axis in a drawing of `width` px, and where the axis begins: at `least` px for its numbers, or
 * further right for the names of its first layers.
 */
export const namesUnderAxis = (
  names: readonly string[],
  width: number,
  least: number,
  right: number,
): { readonly left: number; readonly axis: NameAxis } => {
  const labels = layerLabels(names);
  const step = (width - least - right) / names.length;
  const { overhang } = namesBelow(labels, step, MOST_ROOM);
  const left = Math.max(least, Math.min(overhang - step / 2, MOST_ROOM));
  return { left, axis: namesBelow(labels, step, left) };
};

/** Names to the left of rows, in at most a third of `width` px. */
export const namesBeside = (labels: readonly LayerLabel[], width: number): NameAxis => {
  const letters = Math.floor((width / 3 - BESIDE) / (STRONG * textWidth('m', FONT_SIZE)));
  const limit = Math.max(LEAST_LIMIT, Math.min(NAME_LIMIT, letters));
  const overhang = STRONG * Math.max(40, longestOf(labels, limit)) + BESIDE + 4;
  return { labels, kind: 'beside', height: 0, overhang, limit: () => limit };
};

const placed = (axis: NameAxis, position: number, index: number, withBlock: boolean): PlacedName => {
  const { labels, kind } = axis;
  const text = cutLabel(labels[index], axis.limit(position), withBlock);
  if (kind === 'beside')
    return { index, text, x: -BESIDE, y: position + 0.32 * FONT_SIZE, angle: 0, align: 'end' };
  if (kind === 'below') return { index, text, x: position, y: FLAT_Y, angle: 0, align: 'middle' };
  return { index, text, x: position + SLANTED.x, y: SLANTED.y, angle: SLANTED.angle, align: 'end' };
};

/** Whether the names at two places would touch. */
const wouldTouch = ({ kind }: NameAxis, a: number, b: number): boolean => Math.abs(a - b) < SPACING[kind];

/** Whether the layers between two places, and both of them, are in one block. */
const inOneBlock = (labels: readonly LayerLabel[], from: number, to: number): boolean =>
  labels.slice(from, to).every(({ block }) => block === labels[to].block);

/** The places whose names fit: each as near to the one before as can be, and the marked one instead of its neighbours. */
const shownPlaces = (axis: NameAxis, positions: readonly number[], marked: number): number[] => {
  const shown: number[] = [];
  positions.forEach((position, index) => {
    const last = shown[shown.length - 1];
    if (last === undefined || !wouldTouch(axis, positions[last], position)) shown.push(index);
  });
  if (marked < 0) return shown;
  const others = shown.filter(
    (index) => index !== marked && !wouldTouch(axis, positions[index], positions[marked]),
  );
  const after = others.findIndex((index) => index > marked);
  return others.toSpliced(after < 0 ? others.length : after, 0, marked);
};

/**
 * As many names as fit, and the marked one, -1 for none, with its block; of other neighbours in one block, only the first
 * names it.
 */
export const placeNames = (axis: NameAxis, positions: readonly number[], marked = -1): PlacedName[] => {
  const shown = shownPlaces(axis, positions, marked);
  return shown.map((index, place) => {
    const first = place === 0 || !inOneBlock(axis.labels, shown[place - 1], index);
    return placed(axis, positions[index], index, first || index === marked);
  });
};
