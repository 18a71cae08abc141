import type { FigureStyle } from '../../src/protocol/messages.ts';
import { DEFAULT_STYLE, readStyle } from '../series/fileLayout.ts';

let style = DEFAULT_STYLE;
const listeners = new Set<() => void>();

/** How the figures of this page are drawn for files: one style for all of them. */
export const fileStyle = {
  current: (): FigureStyle => style,
  change: (changes: Partial<FigureStyle>): void => {
    style = { ...style, ...changes };
    for (const listener of listeners) listener();
  },
  /** As it was before the page was reloaded. */
  restore: (kept: unknown): void => {
    style = readStyle(kept);
  },
  subscribe: (listener: () => void): void => {
    listeners.add(listener);
  },
};
