import { env, l10n, type Uri } from 'vscode';
import {
  formatNumber,
  type LayerSpectrum,
  type Measure,
  visible,
  type WeightLayer,
  type WeightMeasure,
} from '../../src/protocol/messages.ts';
import { CheckpointFile } from '../checkpoints/checkpointFile.ts';
import { SpectraQueue } from '../checkpoints/spectraQueue.ts';
import type { Services } from '../services.ts';
import { type Choice, ChoiceList } from '../shown/quickPick.ts';
import { sayBriefly } from '../shown/statusBar.ts';
import { type CheckpointArgument, pickCheckpoint, uriOf } from './checkpoints.ts';

/** Milliseconds between two updates of the list while it fills. */
const REDRAW = 200;

interface LayerItem extends Choice {
  readonly layer: string;
}

const rounded = (measure: Measure | undefined): string | null =>
  measure?.value == null ? null : formatNumber(measure.value, 3);

/** A layer's spectrum in one line. */
const evidence = ({ matrix }: WeightLayer, { method, metrics }: LayerSpectrum): string => {
  const value = (key: WeightMeasure): string | null => rounded(metrics[key]);
  const [effectiveRank, stableRank, alpha] = [value('effectiveRank'), value('stableRank'), value('alpha')];
  const parts = [
    effectiveRank && l10n.t('effective rank {0} of {1}', effectiveRank, Math.min(...matrix)),
    stableRank && l10n.t('stable rank {0}', stableRank),
    alpha && l10n.t('alpha {0}', alpha),
  ].filter((part) => part !== null);
  const estimated = method === 'estimate' ? [l10n.t('estimated')] : [];
  return [...parts, ...estimated].join(' · ');
};

/** Fills the list with the spectra of the layers, in the order of the file; returns a function that stops that. */
const fillWithEvidence = (
  list: ChoiceList<LayerItem>,
  file: CheckpointFile,
  layers: readonly WeightLayer[],
): (() => void) => {
  const details = new Map<string, string>();
  const show = (): void => {
    const active = list.active?.layer;
    list.show(
      layers.map((layer) => ({
        label: layer.name,
        description: `${layer.matrix.join(' × ')} ${layer.dtype}`,
        detail: details.get(layer.name) ?? ' ',
        layer: layer.name,
      })),
      ({ layer }) => layer === active,
    );
    list.busy = details.size < layers.length;
  };
  let timer: NodeJS.Timeout | undefined;
  const showSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      show();
    }, REDRAW);
  };
  const queue = new SpectraQueue(
    ({ layer, convolution, method }, token) => file.spectrum(layer, convolution, method, token),
    ({ layer }, spectrum, error) => {
      const described = layers.find(({ name }) => name === layer);
      if (described === undefined) return;
      details.set(layer, spectrum === null ? (error as Error).message : evidence(described, spectrum));
      showSoon();
    },
  );
  show();
  queue.want(
    layers.map(({ name: layer }) => ({ checkpoint: 0, layer, convolution: 'reshape', method: 'auto' })),
  );
  return () => {
    clearTimeout(timer);
    queue.dispose();
  };
};

const pickLayer = async (
  file: CheckpointFile,
  layers: readonly WeightLayer[],
): Promise<string | undefined> => {
  const list = new ChoiceList<LayerItem>({
    title: l10n.t('Choose a layer of {0}', file.name),
    placeHolder: l10n.t('Select a layer to copy its name'),
    matchOnDescription: true,
  });
  const endFilling = fillWithEvidence(list, file, layers);
  try {
    return (await list.ask())?.layer;
  } finally {
    endFilling();
    list.dispose();
  }
};

/**
 * Choose Layer of a checkpoint: its layers with the measures of their spectra; copies the picked name, and
 * returns it to the caller.
 */
export const chooseCheckpointLayer =
  (services: Services) =>
  async (argument: CheckpointArgument): Promise<string | undefined> => {
    const uri: Uri | undefined =
      uriOf(argument) ?? (await pickCheckpoint(services, l10n.t('Choose a layer of')));
    if (uri === undefined) return undefined;
    const file = new CheckpointFile(uri, services);
    try {
      const { layers } = await file.summary('reshape');
      const layer = await pickLayer(file, layers);
      if (layer === undefined) return undefined;
      // The name may be pasted into a terminal, where it must have no effect.
      await env.clipboard.writeText(visible(layer));
      sayBriefly(l10n.t('Copied {0}', layer));
      return layer;
    } finally {
      file.dispose();
    }
  };
