import { type Figure, type Frame, layerKeys } from './frame.ts';
import type { LayerSelection } from './layerSelection.ts';

/** A drawing with the layers along its width, or from top to bottom. */
export interface DrawnLayers {
  readonly layers: readonly string[];
  /** Index of the layer at a point of the drawing, in px, or -1. */
  at(x: number, y: number): number;
  /** Moves the marks to a layer; -1 is none. */
  mark(index: number): void;
  /** The values at the highlighted layer, in a sentence. */
  readout(index: number): string;
  /** The lines of the tooltip at a point where a layer is. */
  tooltip(index: number, x: number, y: number): readonly string[];
}

export interface LayerAxisFigure<Data> extends Figure<Data> {
  /** Draws again, after a setting has changed. */
  redraw(): void;
}

/**
 * The figure of a frame whose drawing has the layers along an axis: the highlighted layer is marked and read out, and
 * follows clicks and the arrow keys. `draw` returns null if it had nothing to draw.
 */
export const openLayerAxisFigure = <Data>(
  frame: Frame,
  selection: LayerSelection,
  draw: () => DrawnLayers | null,
  replace: (data: Data) => void,
  direction: 'horizontal' | 'vertical' = 'horizontal',
): LayerAxisFigure<Data> => {
  let drawn: DrawnLayers | null = null;
  const layers = (): readonly string[] => drawn?.layers ?? [];
  const mark = (): void => {
    if (!drawn) return;
    const index = drawn.layers.indexOf(selection.current() ?? '');
    drawn.mark(index);
    frame.announce(index < 0 ? '' : drawn.readout(index));
  };
  const redraw = (): void => {
    drawn = draw();
    mark();
  };
  frame.explainAt(
    (x, y) => {
      const index = drawn?.at(x, y) ?? -1;
      return drawn && index >= 0 ? drawn.tooltip(index, x, y) : null;
    },
    (x, y) => {
      const index = drawn?.at(x, y) ?? -1;
      if (index >= 0) selection.select(layers()[index]);
    },
  );
  frame.onKeys(layerKeys(selection, layers, direction));
  return { ...frame.open(redraw, replace, mark), redraw };
};
