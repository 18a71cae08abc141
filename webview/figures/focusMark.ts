import type { Box } from './cellGrid.ts';
import type { Group } from './frame.ts';

/** An outline that moves, so that the picture under it need not be drawn again. */
export interface FocusMark {
  /** Around `box`, or nowhere. */
  place(box: Box | null): void;
  /** Scrolls as little as brings the mark into view. */
  reveal(): void;
}

const SMALL = 10;

/** The ring has a wider one of the background under it, to stand out from cells of any colour. */
export const drawFocusMark = (group: Group): FocusMark => {
  const rings = ['focus-ground', 'focus'].map((name) =>
    group.append('rect').attr('class', name).attr('visibility', 'hidden'),
  );
  return {
    place: (box) => {
      for (const ring of rings) {
        ring.attr('visibility', box ? 'visible' : 'hidden');
        if (!box) continue;
        // Around a small cell both rings lie outside, or they would cover it.
        const out = Math.min(box.width, box.height) < SMALL ? 2 : 1;
        ring
          .attr('x', box.x - out)
          .attr('y', box.y - out)
          .attr('width', box.width + 2 * out)
          .attr('height', box.height + 2 * out);
      }
    },
    reveal: () => rings[0].node()?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  };
};
