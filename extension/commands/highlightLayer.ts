import type { Services } from '../services.ts';
import type { RunNode } from '../views/runsTree.ts';

/** Highlights a layer clicked in the tree wherever it is drawn; opens a panel if there is none. */
export const highlightLayer =
  (services: Services) =>
  async (node?: RunNode): Promise<void> => {
    if (node?.kind !== 'layer') return;
    services.highlight.set(node.layer);
    services.panels.showIfNone('spectra', [{ run: node.run.uri.toString(), state: node.state }]);
  };
