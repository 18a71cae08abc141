/** The layer that is highlighted in every figure of a page. Figures share one and follow it. */
export interface LayerSelection {
  current(): string | null;
  select(layer: string | null): void;
  /** Moves the selection by `by` in `layers`, stopping at the ends; from none, selects the first or last. */
  move(layers: readonly string[], by: number): void;
  /** Runs `draw` as if no layer were highlighted, and tells nobody. */
  without(draw: () => void): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (layer: string | null) => void): () => void;
}

export const createLayerSelection = (initial: string | null = null): LayerSelection => {
  const listeners = new Set<(layer: string | null) => void>();
  let current = initial;
  let ignored = false;
  const select = (layer: string | null): void => {
    if (layer === current) return;
    current = layer;
    for (const listener of [...listeners]) listener(layer);
  };
  return {
    current: () => (ignored ? null : current),
    select,
    move: (layers, by) => {
      if (layers.length === 0) return;
      const here = current === null ? -1 : layers.indexOf(current);
      const from = here < 0 && by < 0 ? layers.length : here;
      select(layers[Math.max(0, Math.min(layers.length - 1, from + by))]);
    },
    without: (draw) => {
      ignored = true;
      try {
        draw();
      } finally {
        ignored = false;
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
