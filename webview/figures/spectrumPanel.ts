import type { ValuesAtK } from '../series/valuesAtK.ts';
import { drawBottomAxis, drawLeftAxis } from './axis.ts';
import type { Drawing, Group } from './frame.ts';
import type { Panel } from './spectrumScales.ts';

export interface LineStyle {
  readonly colour: string;
  readonly dash: string;
}

/** A drawn spectrum figure: the selected layer can change without a redraw. */
export interface Picture {
  readonly svg: Drawing;
  /** Index of the layer at a point of the drawing, in px; -1 if there is none. */
  at(x: number, y: number): number;
  /** The values of the lines at the k of that point; null beside the axes. */
  values(x: number, y: number): ValuesAtK | null;
  /** Shows only the other layers, where all are on one pair of axes. */
  hide(hidden: ReadonlySet<number>): void;
  /** Marks the layer under the pointer, or none for -1. */
  hover(index: number): void;
  select(index: number): void;
  /** Scrolls as little as needed to show the selected layer. */
  reveal(): void;
}

export const drawAxes = (group: Group, panel: Panel, quantity: string): void => {
  drawLeftAxis(group, panel.ticksY, panel.width, quantity);
  drawBottomAxis(group, panel.ticksX, panel.width, panel.height, panel.index);
};
