import {
  type Disposable,
  EventEmitter,
  l10n,
  ThemeIcon,
  type TreeDataProvider,
  type TreeItem,
  type Uri,
} from 'vscode';
import { listLabels } from '../../src/protocol/messages.ts';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.ts';
import { type RunEntry, type RunLibrary, subjectOf } from '../runs/runLibrary.ts';
import { treeItem } from '../shown/treeItem.ts';
import type { Trainings } from '../training/trainings.ts';
import {
  itemOf,
  type ModelNode,
  modelFiles,
  modelNodes,
  modelRoots,
  type ProblemNode,
  problemNode,
  weightNodes,
} from './modelNodes.ts';
import { layerItem, runItem, stateItem } from './runItems.ts';

export type RunNode =
  | { readonly kind: 'run'; readonly run: RunEntry; readonly first: boolean }
  | { readonly kind: 'state'; readonly run: RunEntry; readonly state: string }
  | {
      readonly kind: 'layer';
      readonly run: RunEntry;
      readonly state: string;
      readonly layer: string;
      readonly itemOf: (node: RunNode) => TreeItem;
    }
  | ModelNode
  | ProblemNode;

/** Runs, their states and layers; and, below them, the weight files of the workspace with their layers. */
export class RunsTree implements TreeDataProvider<RunNode>, Disposable {
  private readonly changed = new EventEmitter<RunNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly follow: Disposable[];
  /** The listed models, by URI: a change of one redraws only that one. */
  private models = new Map<string, ModelNode>();
  private listed = '';

  constructor(
    private readonly runs: RunLibrary,
    private readonly checkpoints: CheckpointLibrary,
    private readonly trainings: Trainings,
  ) {
    this.follow = [
      runs.onDidChange(() => this.changed.fire(undefined)),
      checkpoints.onDidChange((files) => void this.followFiles(files)),
      checkpoints.onDidMeasure((file) => this.redraw(file)),
    ];
  }

  getTreeItem(node: RunNode): TreeItem {
    switch (node.kind) {
      case 'run':
        return runItem(node.run, node.first, this.trainings.trains(node.run.uri));
      case 'state':
        return stateItem(node.run, node.state);
      case 'layer':
        return node.itemOf(node);
      case 'problem':
        return treeItem({ id: node.id, label: node.message, icon: new ThemeIcon('warning') });
      default:
        return itemOf(node);
    }
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    try {
      return await this.childrenOf(node);
    } catch (error) {
      return [problemNode(`problem#${node?.kind ?? ''}`, error)];
    }
  }

  private async childrenOf(node?: RunNode): Promise<RunNode[]> {
    if (node === undefined) return [...(await this.runNodes()), ...(await this.modelRoots())];
    switch (node.kind) {
      case 'run':
        if (node.run.inspection !== null) return layerNodes(node.run, 'last');
        // The newest state first, because it is usually the one of interest.
        return [...node.run.states].reverse().map((state) => ({ kind: 'state', run: node.run, state }));
      case 'state':
        return layerNodes(node.run, node.state);
      case 'models':
        return this.modelsOf(node.files);
      case 'block':
        return [...node.layers];
      case 'model':
        return weightNodes(this.checkpoints, node.file);
      default:
        return [];
    }
  }

  dispose(): void {
    for (const listener of this.follow) listener.dispose();
    this.changed.dispose();
  }

  private async runNodes(): Promise<RunNode[]> {
    const runs = await this.runs.all();
    return runs.map((run, index) => ({ kind: 'run', run, first: index === 0 }));
  }

  private async modelRoots(): Promise<RunNode[]> {
    const files = await modelFiles(this.checkpoints);
    this.listed = files.join();
    return modelRoots(files);
  }

  /** Everything is redrawn only when a model was added or removed: states of a training are listed by its run. */
  private async followFiles(files: readonly Uri[]): Promise<void> {
    if ((await modelFiles(this.checkpoints)).join() !== this.listed) this.changed.fire(undefined);
    else for (const file of files) this.redraw(file);
  }

  private redraw(file: Uri): void {
    const model = this.models.get(file.toString());
    if (model !== undefined) this.changed.fire(model);
  }

  private modelsOf(files: readonly Uri[]): RunNode[] {
    const nodes = modelNodes(files);
    this.models = new Map(
      nodes.flatMap((node) => (node.kind === 'model' ? [[node.file.toString(), node] as const] : [])),
    );
    return nodes;
  }
}

/** Characters that a side panel of usual width shows of a name. */
const FITTING = 24;

const layerNodes = async (run: RunEntry, state: string): Promise<RunNode[]> => {
  try {
    const { readAnalysis, readRecommendations } = await import('../runs/readRun.ts');
    const analysis = await readAnalysis(run.uri, state);
    const recommendations = state === 'last' ? await readRecommendations(run.uri, analysis) : [];
    const standing = { analysis, recommendations, selections: run.selections, subject: subjectOf(run) };
    const show = { command: 'pentimento.highlightLayer', title: l10n.t('Show Layer') };
    const labels = listLabels(
      analysis.layers.map(({ name }) => name),
      FITTING,
    );
    return analysis.layers.map((layer, place) => ({
      kind: 'layer',
      run,
      state,
      layer: layer.name,
      itemOf: (node) =>
        layerItem({ id: `${run.uri.toString()}#${state}#${place}`, label: labels[place] }, layer, standing, {
          ...show,
          arguments: [node],
        }),
    }));
  } catch (error) {
    return [problemNode(`${run.uri.toString()}#${state}#problem`, error)];
  }
};
