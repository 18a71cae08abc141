import type { FigureStyle } from '../../src/protocol/messages.ts';

let last: FigureStyle | undefined;

/** Remembers the style of the last saved figure until VS Code closes: pages that open later start with it. */
export const lastFigureStyle = {
  current: (): FigureStyle | undefined => last,
  remember: (style: FigureStyle | undefined): void => {
    last = style ?? last;
  },
};
