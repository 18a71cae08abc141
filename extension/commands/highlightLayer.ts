import type { Services } from '../services.ts';
import type { RunNode } from '../views/runsTree.ts';

/** A layer clicked in the tree: highlighted wherever it is drawn, in a panel that is opened if there is none. */
export const highlightLayer =
  (services: Services) =>
  async (node?: RunNode): Promise<void> => {
    if (node?.kind !== 'layer') return;
    services.highlight.set(node.layer);
    services.panels.showIfNone('spectra', [{ run: node.run.uri.toString(), checkpoint: node.checkpoint }]);
  };
