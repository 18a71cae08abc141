import {
  type Disposable,
  EventEmitter,
  l10n,
  RelativePattern,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
} from 'vscode';
import { Fault, type WeightLayer } from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunEntry, RunLibrary } from '../runs/runLibrary.ts';
import type { Trainings } from '../training/trainings.ts';
import { checkpointItem, layerItem, runItem } from './runItems.ts';

export type RunNode =
  | { readonly kind: 'run'; readonly run: RunEntry; readonly first: boolean }
  | { readonly kind: 'checkpoint'; readonly run: RunEntry; readonly checkpoint: string }
  | {
      readonly kind: 'layer';
      readonly run: RunEntry;
      readonly checkpoint: string;
      readonly layer: string;
      readonly item: TreeItem;
    }
  | { readonly kind: 'models'; readonly files: readonly Uri[] }
  | { readonly kind: 'model'; readonly file: Uri }
  | { readonly kind: 'weights'; readonly id: string; readonly weights: WeightLayer }
  | { readonly kind: 'problem'; readonly id: string; readonly message: string };

/** Models beyond this many are not listed: a folder of exports must not flood the tree. */
const MODELS = 200;

/** Runs, their checkpoints and layers; below them the weight files of the workspace with their layers. */
export class RunsTree implements TreeDataProvider<RunNode>, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly follow: Disposable;

  constructor(
    private readonly runs: RunLibrary,
    private readonly engine: Engine,
    private readonly trainings: Trainings,
  ) {
    this.follow = runs.onDidChange(() => this.changed.fire());
  }

  getTreeItem(node: RunNode): TreeItem {
    switch (node.kind) {
      case 'run':
        return runItem(node.run, node.first, this.trainings.trains(node.run.uri));
      case 'checkpoint':
        return checkpointItem(node.run, node.checkpoint);
      case 'layer':
        return node.item;
      case 'models': {
        const item = new TreeItem(l10n.t('Models'), TreeItemCollapsibleState.Collapsed);
        item.id = 'models';
        item.description = l10n.t('{0} weight files', node.files.length);
        item.iconPath = new ThemeIcon('folder-library');
        return item;
      }
      case 'model': {
        const item = new TreeItem(node.file, TreeItemCollapsibleState.Collapsed);
        item.id = node.file.toString();
        item.description = workspace.asRelativePath(Uri.joinPath(node.file, '..'));
        item.iconPath = new ThemeIcon('package');
        item.contextValue = 'model';
        item.command = {
          command: 'pentimento.openCheckpoint',
          title: l10n.t('Open Checkpoint'),
          arguments: [node.file],
        };
        return item;
      }
      case 'weights': {
        const { name, dtype, matrix } = node.weights;
        const item = new TreeItem(name);
        item.id = node.id;
        item.description = `${matrix.join(' × ')} ${dtype}`;
        item.iconPath = new ThemeIcon('symbol-array');
        return item;
      }
      case 'problem': {
        const item = new TreeItem(node.message);
        item.id = node.id;
        item.tooltip = node.message;
        item.iconPath = new ThemeIcon('warning');
        return item;
      }
    }
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node === undefined) return [...(await this.runNodes()), ...(await modelNodes())];
    switch (node.kind) {
      case 'run':
        // The newest state first: it is what one comes for.
        return [...node.run.checkpoints]
          .reverse()
          .map((checkpoint) => ({ kind: 'checkpoint', run: node.run, checkpoint }));
      case 'checkpoint':
        return layerNodes(node.run, node.checkpoint);
      case 'models':
        return node.files.map((file) => ({ kind: 'model', file }));
      case 'model':
        return this.tensorNodes(node.file);
      default:
        return [];
    }
  }

  dispose(): void {
    this.follow.dispose();
    this.changed.dispose();
  }

  private async runNodes(): Promise<RunNode[]> {
    const runs = await this.runs.all();
    return runs.map((run, index) => ({ kind: 'run', run, first: index === 0 }));
  }

  private async tensorNodes(file: Uri): Promise<RunNode[]> {
    const id = file.toString();
    try {
      const { layers } = await this.engine.run('describeCheckpoint', {
        file: file.fsPath,
        convolution: 'reshape',
      });
      return layers.map((layer) => ({ kind: 'weights', id: `${id}#${layer.name}`, weights: layer }));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return [{ kind: 'problem', id: `${id}#problem`, message: error.message }];
    }
  }
}

const layerNodes = async (run: RunEntry, checkpoint: string): Promise<RunNode[]> => {
  try {
    const { readAnalysis, readRecommendations } = await import('../runs/readRun.ts');
    const analysis = await readAnalysis(run.uri, checkpoint);
    const recommendations = checkpoint === 'last' ? await readRecommendations(run.uri, analysis) : [];
    return analysis.layers.map((layer) => {
      const id = `${run.uri.toString()}#${checkpoint}#${layer.name}`;
      const item = layerItem(id, layer, { analysis, recommendations, selection: run.selection });
      const node: RunNode = { kind: 'layer', run, checkpoint, layer: layer.name, item };
      item.command = { command: 'pentimento.highlightLayer', title: l10n.t('Show Layer'), arguments: [node] };
      return node;
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [{ kind: 'problem', id: `${run.uri.toString()}#${checkpoint}#problem`, message: error.message }];
  }
};

const modelNodes = async (): Promise<RunNode[]> => {
  const found = await Promise.all(
    (workspace.workspaceFolders ?? []).map((folder) =>
      workspace.findFiles(
        new RelativePattern(folder, '**/*.{safetensors,gguf,pt,pth,ckpt,onnx,h5,keras}'),
        '**/{node_modules,.git,.pentimento}/**',
        MODELS,
      ),
    ),
  );
  const files = found.flat().sort((a, b) => a.path.localeCompare(b.path));
  return files.length === 0 ? [] : [{ kind: 'models', files }];
};
