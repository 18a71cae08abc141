import type { LayerLabel } from '../../src/protocol/messages.ts';
import { LABEL_GAP, type LabelRoom, type lineEndTexts, placeLineLabels } from '../series/lineLabels.ts';
import type { PixelLine } from '../series/nearestLine.ts';
import type { Group } from './frame.ts';
import type { LineStyle } from './spectrumPanel.ts';

/** The names at the ends of the lines of a plot. */
interface LineLabels {
  /** Writes those of the lines that are not hidden. */
  write(hidden: ReadonlySet<number>): void;
  /** Bold, or none for -1. */
  select(index: number): void;
}

/** The lines, and what is written at their ends. */
interface LabelledLines {
  readonly lines: readonly PixelLine[];
  readonly labels: readonly LayerLabel[];
  readonly ends: NonNullable<ReturnType<typeof lineEndTexts>>;
  style(index: number): LineStyle;
}

export const drawLineLabels = (
  group: Group,
  { lines, labels, ends, style }: LabelledLines,
  room: LabelRoom,
): LineLabels => {
  let selected = -1;
  const endOf = (index: number) => {
    const { xs, ys } = lines[index];
    return { x: xs[xs.length - 1], y: ys[ys.length - 1], width: ends.widths[index] };
  };
  const bold = (): void => {
    group.selectAll<SVGTextElement, unknown>('text').each(function () {
      this.classList.toggle('selected', Number(this.dataset.line) === selected);
    });
  };
  return {
    write: (hidden) => {
      group.selectAll('*').remove();
      const shown = lines.flatMap(({ xs }, index) => (xs.length > 0 && !hidden.has(index) ? [index] : []));
      const placed = placeLineLabels(shown.map(endOf), room);
      placed.forEach(({ x, y, moved }, place) => {
        const index = shown[place];
        const end = endOf(index);
        if (moved)
          group
            .append('path')
            .attr('class', 'line joint')
            .attr('d', `M${end.x},${end.y}L${end.x + LABEL_GAP - 3},${y}`)
            .style('stroke', style(index).colour);
        const text = group.append('text').attr('class', 'line-end').attr('data-line', index);
        text.attr('x', x).attr('y', y).attr('dy', '0.32em').text(ends.texts[index]);
        text.append('title').text(labels[index].name);
      });
      bold();
    },
    select: (index) => {
      selected = index;
      bold();
    },
  };
};
