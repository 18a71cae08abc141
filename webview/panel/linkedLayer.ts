import type { LayerSelection } from '../figures/layerSelection.ts';

/**
 * Ties the selected layer of a page to that of the other pages: `send` gets every change that was made here, and none
 * that came in by `receive`, so that no change travels in a circle.
 */
export const linkLayer = (
  selection: LayerSelection,
  send: (layer: string | null) => void,
): { receive(layer: string | null): void } => {
  let known = selection.current();
  selection.subscribe((layer) => {
    if (layer === known) return;
    known = layer;
    send(layer);
  });
  return {
    receive: (layer) => {
      known = layer;
      selection.select(layer);
    },
  };
};
