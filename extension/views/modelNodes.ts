import { l10n, ThemeIcon, type TreeItem, TreeItemCollapsibleState, Uri, workspace } from 'vscode';
import {
  Fault,
  formatCount,
  formatNumber,
  type LayerKind,
  type LayerSpectrum,
  type WeightLayer,
} from '../../src/protocol/messages.ts';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.ts';
import { modelPaths } from '../checkpoints/checkpointNames.ts';
import { inBlocks, nameInBlock } from '../checkpoints/layerBlocks.ts';
import { treeItem } from '../shown/treeItem.ts';

const { Collapsed } = TreeItemCollapsibleState;

interface WeightsNode {
  readonly kind: 'weights';
  readonly file: Uri;
  readonly weights: WeightLayer;
  /** Its index among the layers of the file. */
  readonly place: number;
  readonly spectrum: LayerSpectrum | null;
  /** Whether it is shown under its block, in which case its label omits the block's path. */
  readonly inBlock: boolean;
}

/** The weight files of the workspace, the layers in them, and the repeated blocks that contain layers. */
export type ModelNode =
  | { readonly kind: 'models'; readonly files: readonly Uri[] }
  | { readonly kind: 'model'; readonly file: Uri }
  | {
      readonly kind: 'block';
      readonly file: Uri;
      readonly block: string;
      readonly layers: readonly WeightsNode[];
    }
  | WeightsNode
  | { readonly kind: 'more'; readonly count: number };

export type ProblemNode = { readonly kind: 'problem'; readonly id: string; readonly message: string };

/** Shown instead of what cannot be listed. VS Code would show a thrown error itself, with links in its text. */
export const problemNode = (id: string, error: unknown): ProblemNode => {
  if (error instanceof Fault) return { kind: 'problem', id, message: error.message };
  return { kind: 'problem', id, message: l10n.t('Pentimento failed: {0}', (error as Error).message) };
};

/** More models than this are not listed one by one: a folder of exports must not flood the tree. */
const MOST = 200;

export const modelFiles = async (library: CheckpointLibrary): Promise<Uri[]> => {
  const found = await library.files();
  return modelPaths(found.keys())
    .map((path) => found.get(path) as Uri)
    .filter(({ scheme }) => scheme === 'file');
};

/** One node that contains them all, or none. */
export const modelRoots = (files: readonly Uri[]): ModelNode[] =>
  files.length === 0 ? [] : [{ kind: 'models', files }];

export const modelNodes = (files: readonly Uri[]): ModelNode[] => {
  const nodes: ModelNode[] = files.slice(0, MOST).map((file) => ({ kind: 'model', file }));
  return files.length > MOST ? [...nodes, { kind: 'more', count: files.length - MOST }] : nodes;
};

/** The layers of a model, from its header, with their measures; layers of a repeated block are under it. */
export const weightNodes = async (
  library: CheckpointLibrary,
  file: Uri,
): Promise<(ModelNode | ProblemNode)[]> => {
  try {
    const { layers, version } = await library.summary(file);
    const spectra = library.spectraOf(file, version);
    const places = new Map(layers.map((layer, place) => [layer, place]));
    const node = (weights: WeightLayer, inBlock: boolean): WeightsNode => {
      const spectrum = spectra.get(weights.name) ?? null;
      return { kind: 'weights', file, weights, place: places.get(weights) ?? 0, spectrum, inBlock };
    };
    return inBlocks(layers).map((one) =>
      'layers' in one
        ? { kind: 'block', file, block: one.block, layers: one.layers.map((layer) => node(layer, true)) }
        : node(one, false),
    );
  } catch (error) {
    return [problemNode(`${file.toString()}#problem`, error)];
  }
};

const KINDS: Readonly<Record<LayerKind, () => string>> = {
  dense: () => l10n.t('dense'),
  convolution: () => l10n.t('convolution'),
  embedding: () => l10n.t('embedding'),
  attention: () => l10n.t('attention'),
  recurrent: () => l10n.t('recurrent'),
};

const modelItem = (file: Uri): TreeItem =>
  treeItem({
    id: file.toString(),
    label: file.path.slice(file.path.lastIndexOf('/') + 1),
    description: workspace.asRelativePath(Uri.joinPath(file, '..')),
    tooltip: [workspace.asRelativePath(file)],
    file,
    state: Collapsed,
    icon: new ThemeIcon('package'),
    context: 'model',
    command: { command: 'pentimento.openCheckpoint', title: l10n.t('Open Checkpoint'), arguments: [file] },
  });

/** A layer of a model: its effective rank once measured, its matrix and its kind. */
const weightItem = ({ file, weights, place, spectrum, inBlock }: WeightsNode): TreeItem => {
  const { name, dtype, kind, matrix } = weights;
  const rank = spectrum?.metrics.effectiveRank?.value;
  const about = spectrum?.method === 'estimate' ? '≈ ' : '';
  const facts = [
    ...(rank == null ? [] : [l10n.t('eff. rank {0}', `${about}${formatNumber(rank, 3)}`)]),
    matrix.join(' × '),
    KINDS[kind](),
    dtype,
  ];
  return treeItem({
    id: `${file.toString()}#${place}`,
    label: inBlock ? nameInBlock(weights) : name,
    description: facts.join(' · '),
    tooltip: [`${name}: ${facts.join(', ')}`],
    spoken: true,
    icon: new ThemeIcon('symbol-array'),
    command: { command: 'pentimento.openCheckpoint', title: l10n.t('Show Layer'), arguments: [file, name] },
  });
};

export const itemOf = (node: ModelNode): TreeItem => {
  switch (node.kind) {
    case 'models':
      return treeItem({
        id: 'models',
        label: l10n.t('Models'),
        description:
          node.files.length === 1 ? l10n.t('1 checkpoint') : l10n.t('{0} checkpoints', node.files.length),
        state: Collapsed,
        icon: new ThemeIcon('folder-library'),
      });
    case 'model':
      return modelItem(node.file);
    case 'block':
      return treeItem({
        id: `${node.file.toString()}#block ${node.layers[0].place}`,
        label: node.block,
        description: l10n.t('{0} layers', formatCount(node.layers.length)),
        state: Collapsed,
        icon: new ThemeIcon('layers'),
      });
    case 'weights':
      return weightItem(node);
    case 'more':
      return treeItem({
        id: 'models#more',
        label: l10n.t('{0} more…', node.count),
        tooltip: [l10n.t('Choose from all checkpoints')],
        command: { command: 'pentimento.openCheckpoint', title: l10n.t('Open Checkpoint') },
      });
  }
};
