import { type Disposable, EventEmitter, type Uri, workspace } from 'vscode';
import type { CheckpointSummary } from '../../src/protocol/messages.ts';
import { CHECKPOINT_GLOB, isCheckpointName } from '../editors/checkpointNames.ts';
import type { Engine } from '../engine/engine.ts';

const EXCLUDED = '**/{node_modules,.git}/**';
const LISTED = 5000;
const SETTLE_MS = 1000;

interface Known {
  readonly mtime: number;
  readonly size: number;
  readonly summary: Promise<CheckpointSummary>;
}

/** The checkpoints of the workspace by their paths, and their summaries; found and read when they are asked for. */
export class CheckpointLibrary implements Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly summaries = new Map<string, Known>();
  private found: Promise<ReadonlyMap<string, Uri>> | null = null;
  private watcher: Disposable | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly engine: Engine) {}

  /** By path. */
  files(): Promise<ReadonlyMap<string, Uri>> {
    this.follow();
    this.found ??= this.find();
    return this.found;
  }

  /** Read again when the file has changed. Throws the fault of a file that cannot be read. */
  async summary(uri: Uri): Promise<CheckpointSummary> {
    const { mtime, size } = await workspace.fs.stat(uri);
    const known = this.summaries.get(uri.path);
    if (known?.mtime === mtime && known.size === size) return known.summary;
    const summary = this.engine.run('describeCheckpoint', { file: uri.fsPath, convolution: 'reshape' });
    this.summaries.set(uri.path, { mtime, size, summary });
    return summary;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watcher?.dispose();
    this.changed.dispose();
  }

  private async find(): Promise<ReadonlyMap<string, Uri>> {
    const uris = await workspace.findFiles(CHECKPOINT_GLOB, EXCLUDED, LISTED);
    return new Map(
      uris
        .filter(({ path, scheme }) => scheme === 'file' && isCheckpointName(path))
        .map((uri) => [uri.path, uri]),
    );
  }

  private follow(): void {
    if (this.watcher !== null) return;
    const watcher = workspace.createFileSystemWatcher(CHECKPOINT_GLOB);
    const again = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.found = null;
        this.changed.fire();
      }, SETTLE_MS);
    };
    watcher.onDidCreate(again);
    watcher.onDidDelete(again);
    watcher.onDidChange(again);
    this.watcher = watcher;
  }
}
