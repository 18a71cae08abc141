import type { LayerSelection } from '../figures/layerSelection.ts';

/**
 * Links the selected layer of a page to that of the other pages: `send` gets every change made here, but none that
 * arrived through `receive`, so that no change is sent in a circle.
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
