import type { Box } from './cellGrid.ts';
import type { Group } from './frame.ts';

/** An outline that moves without redrawing the picture under it. */
export interface FocusMark {
  /** Around `box`, or nowhere. */
  place(box: Box | null): void;
  /** Scrolls as little as needed to show the mark. */
  reveal(): void;
}

const SMALL = 10;

/** Under the ring is a wider one in the background colour, so that it is visible on cells of any colour. */
export const drawFocusMark = (group: Group): FocusMark => {
  const rings = ['focus-ground', 'focus'].map((name) =>
    group.append('rect').attr('class', name).attr('visibility', 'hidden'),
  );
  return {
    place: (box) => {
      for (const ring of rings) {
        ring.attr('visibility', box ? 'visible' : 'hidden');
        if (!box) continue;
        // Around a small cell both rings are outside, or they would cover it.
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
