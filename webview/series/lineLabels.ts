import { cutLabel, type LayerLabel } from '../../src/protocol/messages.ts';
import { textWidth } from './format.ts';
import { FONT_SIZE, STRONG } from './nameLayout.ts';
import { FEW_LAYERS } from './spectra.ts';

/** The end of a line, in px, and the width of its label. */
export interface LineEnd {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface LineLabel {
  /** Where the label begins. */
  readonly x: number;
  /** Its middle. */
  readonly y: number;
  /** Whether it is no longer level with the end of its line, and needs to be joined to it. */
  readonly moved: boolean;
}

/** Px that the middles of labels may be in, and between two of them. */
export interface LabelRoom {
  readonly top: number;
  readonly bottom: number;
  readonly spacing: number;
}

/** Px between the end of a line and its label. */
export const LABEL_GAP = 10;
/** Px by which a label is moved before it needs to be joined to its line. */
const LEVEL = 3;

/** A page with less px, or more lines than are told apart, leaves the names to the legend. */
const LEAST_PAGE = 480;
/** The most that labels take of the width of a page. */
const MOST_SHARE = 0.3;

/** The texts of labels and the px that they need to the right of the plot; null where the legend has the names alone. */
export const lineEndTexts = (
  labels: readonly LayerLabel[],
  page: number,
): {
  readonly texts: readonly string[];
  readonly widths: readonly number[];
  readonly room: number;
} | null => {
  if (page < LEAST_PAGE || labels.length > FEW_LAYERS) return null;
  const limit = Math.floor((MOST_SHARE * page - LABEL_GAP) / (STRONG * textWidth('m', FONT_SIZE)));
  const texts = labels.map((label) => cutLabel(label, limit));
  const widths = texts.map((text) => STRONG * textWidth(text, FONT_SIZE));
  return { texts, widths, room: LABEL_GAP + widths.reduce((most, width) => Math.max(most, width), 0) };
};

/** Labels that touch: `sum` of where each wants the first of them to be. */
interface Block {
  readonly sum: number;
  readonly count: number;
}

/**
 * Ascending places moved apart to `spacing`, as little as possible in the mean square: neighbours that would touch become
 * a block around their mean (the algorithm of pool adjacent violators).
 */
const apart = (places: readonly number[], { top, bottom, spacing }: LabelRoom): number[] => {
  const startOf = ({ sum, count }: Block): number =>
    Math.max(top, Math.min(bottom - (count - 1) * spacing, sum / count));
  const blocks: Block[] = [];
  for (const place of places) {
    let block: Block = { sum: place, count: 1 };
    for (let above = blocks[blocks.length - 1]; above; above = blocks[blocks.length - 1]) {
      if (startOf(block) >= startOf(above) + above.count * spacing) break;
      blocks.pop();
      block = {
        sum: above.sum + block.sum - above.count * block.count * spacing,
        count: above.count + block.count,
      };
    }
    blocks.push(block);
  }
  return blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, index) => startOf(block) + index * spacing),
  );
};

/** Two of the labels at the heights `ys` that touch, by the places of their groups. */
const touching = (
  groups: readonly (readonly number[])[],
  ends: readonly LineEnd[],
  ys: readonly number[],
  spacing: number,
): readonly [number, number] | null => {
  const touch = (a: number, b: number): boolean =>
    ends[a].x < ends[b].x + LABEL_GAP + ends[b].width &&
    ends[b].x < ends[a].x + LABEL_GAP + ends[a].width &&
    Math.abs(ys[a] - ys[b]) < spacing - 1e-6;
  for (let one = 0; one < groups.length; one++)
    for (let other = one + 1; other < groups.length; other++)
      if (groups[one].some((a) => groups[other].some((b) => touch(a, b)))) return [one, other];
  return null;
};

/**
 * A label to the right of the end of each line, none over another as long as the room is high enough for all: labels that
 * touch are moved apart together, in the order of their ends.
 */
export const placeLineLabels = (ends: readonly LineEnd[], room: LabelRoom): LineLabel[] => {
  const groups = ends.map((_, index) => [index]);
  const heights = (): number[] => {
    const ys: number[] = [];
    for (const group of groups) {
      const places = apart(
        group.map((index) => ends[index].y),
        room,
      );
      group.forEach((index, place) => {
        ys[index] = places[place];
      });
    }
    return ys;
  };
  let ys = heights();
  for (let pair = touching(groups, ends, ys, room.spacing); pair; ) {
    const [together] = groups.splice(pair[1], 1);
    groups[pair[0]] = [...groups[pair[0]], ...together].sort((a, b) => ends[a].y - ends[b].y || a - b);
    ys = heights();
    pair = touching(groups, ends, ys, room.spacing);
  }
  return ends.map(({ x, y }, index) => ({
    x: x + LABEL_GAP,
    y: ys[index],
    moved: Math.abs(ys[index] - y) > LEVEL,
  }));
};
