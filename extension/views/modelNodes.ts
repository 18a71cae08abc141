import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, workspace } from 'vscode';
import { Fault, type LayerKind, type LayerSpectrum, type WeightLayer } from '../../src/protocol/messages.ts';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.ts';
import { modelPaths } from '../checkpoints/checkpointNames.ts';
import { inBlocks, nameInBlock } from '../checkpoints/layerBlocks.ts';

const { Collapsed, None } = TreeItemCollapsibleState;

interface WeightsNode {
  readonly kind: 'weights';
  readonly file: Uri;
  readonly weights: WeightLayer;
  readonly spectrum: LayerSpectrum | null;
  /** Whether it stands below its block, whose path its label leaves out. */
  readonly inBlock: boolean;
}

/** The weight files of the workspace, the layers in them, and the repeated blocks that layers stand below. */
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

/** More models than this are not listed one by one: a folder of exports must not flood the tree. */
const MOST = 200;

export const modelFiles = async (library: CheckpointLibrary): Promise<Uri[]> => {
  const found = await library.files();
  return modelPaths(found.keys())
    .map((path) => found.get(path) as Uri)
    .filter(({ scheme }) => scheme === 'file');
};

/** One node that holds them all, or none. */
export const modelRoots = (files: readonly Uri[]): ModelNode[] =>
  files.length === 0 ? [] : [{ kind: 'models', files }];

export const modelNodes = (files: readonly Uri[]): ModelNode[] => {
  const nodes: ModelNode[] = files.slice(0, MOST).map((file) => ({ kind: 'model', file }));
  return files.length > MOST ? [...nodes, { kind: 'more', count: files.length - MOST }] : nodes;
};

/** The layers of a model, from its header, with what was measured of them; those of a repeated block below it. */
export const weightNodes = async (
  library: CheckpointLibrary,
  file: Uri,
): Promise<(ModelNode | ProblemNode)[]> => {
  try {
    const { layers, version } = await library.summary(file);
    const spectra = library.spectraOf(file, version);
    const node = (weights: WeightLayer, inBlock: boolean): WeightsNode => {
      const spectrum = spectra.get(weights.name) ?? null;
      return { kind: 'weights', file, weights, spectrum, inBlock };
    };
    return inBlocks(layers).map((one) =>
      'layers' in one
        ? { kind: 'block', file, block: one.block, layers: one.layers.map((layer) => node(layer, true)) }
        : node(one, false),
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [{ kind: 'problem', id: `${file.toString()}#problem`, message: error.message }];
  }
};

const KINDS: Readonly<Record<LayerKind, () => string>> = {
  dense: () => l10n.t('dense'),
  convolution: () => l10n.t('convolution'),
  embedding: () => l10n.t('embedding'),
  attention: () => l10n.t('attention'),
  recurrent: () => l10n.t('recurrent'),
};

const modelItem = (file: Uri): TreeItem => {
  const item = new TreeItem(file, Collapsed);
  item.id = file.toString();
  item.description = workspace.asRelativePath(Uri.joinPath(file, '..'));
  item.iconPath = new ThemeIcon('package');
  item.contextValue = 'model';
  item.command = {
    command: 'pentimento.openCheckpoint',
    title: l10n.t('Open Checkpoint'),
    arguments: [file],
  };
  return item;
};

/** A layer of a model: its effective rank as soon as it was measured, its matrix and its kind. */
const weightItem = ({ file, weights, spectrum, inBlock }: WeightsNode): TreeItem => {
  const { name, dtype, kind, matrix } = weights;
  const item = new TreeItem(inBlock ? nameInBlock(weights) : name, None);
  item.id = `${file.toString()}#${name}`;
  const rank = spectrum?.metrics.effectiveRank?.value;
  const about = spectrum?.method === 'estimate' ? '≈ ' : '';
  const facts = [
    ...(rank == null ? [] : [l10n.t('eff. rank {0}', `${about}${rank.toFixed(1)}`)]),
    matrix.join(' × '),
    KINDS[kind](),
    dtype,
  ];
  item.description = facts.join(' · ');
  item.tooltip = `${name}: ${facts.join(', ')}`;
  item.accessibilityInformation = { label: item.tooltip };
  item.iconPath = new ThemeIcon('symbol-array');
  item.command = {
    command: 'pentimento.openCheckpoint',
    title: l10n.t('Show Layer'),
    arguments: [file, name],
  };
  return item;
};

export const itemOf = (node: ModelNode): TreeItem => {
  switch (node.kind) {
    case 'models': {
      const item = new TreeItem(l10n.t('Models'), Collapsed);
      item.id = 'models';
      item.description =
        node.files.length === 1 ? l10n.t('1 weight file') : l10n.t('{0} weight files', node.files.length);
      item.iconPath = new ThemeIcon('folder-library');
      return item;
    }
    case 'model':
      return modelItem(node.file);
    case 'block': {
      const item = new TreeItem(node.block, Collapsed);
      item.id = `${node.file.toString()}#block ${node.block}`;
      item.description = l10n.t('{0} layers', node.layers.length);
      item.iconPath = new ThemeIcon('layers');
      return item;
    }
    case 'weights':
      return weightItem(node);
    case 'more': {
      const item = new TreeItem(l10n.t('{0} more…', node.count), None);
      item.id = 'models#more';
      item.tooltip = l10n.t('Pick one of all weight files');
      item.command = { command: 'pentimento.openCheckpoint', title: l10n.t('Open Checkpoint') };
      return item;
    }
  }
};
