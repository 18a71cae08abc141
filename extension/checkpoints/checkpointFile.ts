import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  l10n,
  RelativePattern,
  Uri,
  workspace,
} from 'vscode';
import {
  type CheckpointSummary,
  type ConvolutionView,
  Fault,
  type LayerSpectrum,
  type LayerSpectrumParams,
} from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import type { CheckpointLibrary } from './checkpointLibrary.ts';
import { type LocalFile, localFile } from './localCopy.ts';

/** Writing a checkpoint takes a while: it is read again when it has been left alone for this long. */
const SETTLE_MS = 700;

/** What a checkpoint that is open needs: copies and results are kept in the storage of the extension. */
export interface CheckpointWorkplace {
  readonly context: Pick<ExtensionContext, 'globalStorageUri'>;
  readonly engine: Engine;
  readonly checkpoints: CheckpointLibrary;
}

/**
 * A checkpoint that is open: its summary and spectra come from the engine. When the file changes it is read again;
 * while it cannot be (half written, gone), the last summary stays, and `notice` says so.
 */
export class CheckpointFile implements Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: Disposable[] = [this.changed];
  private readonly summaries = new Map<ConvolutionView, Promise<CheckpointSummary>>();
  private local: Promise<LocalFile> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  /** Counts the versions of the file. */
  version = 0;
  notice: string | null = null;

  constructor(
    readonly uri: Uri,
    private readonly from: CheckpointWorkplace,
  ) {
    const folder = Uri.joinPath(uri, '..');
    // The whole folder: the parts of a checkpoint lie beside it.
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, '*'));
    const follow = (file: Uri): void => {
      if (file.toString() === uri.toString()) this.readAgainSoon();
    };
    this.disposables.push(
      watcher,
      watcher.onDidChange(follow),
      watcher.onDidCreate(follow),
      watcher.onDidDelete(follow),
    );
  }

  get name(): string {
    return this.uri.path.slice(this.uri.path.lastIndexOf('/') + 1);
  }

  /** From the header alone. Throws the fault of a file that cannot be read. */
  summary(convolution: ConvolutionView): Promise<CheckpointSummary> {
    const known = this.summaries.get(convolution);
    if (known !== undefined) return known;
    const asked = this.describe(convolution);
    this.summaries.set(convolution, asked);
    // What failed is asked again the next time.
    asked.catch(() => this.summaries.delete(convolution));
    return asked;
  }

  async spectrum(
    layer: string,
    convolution: ConvolutionView,
    method: LayerSpectrumParams['method'],
    token: CancellationToken,
  ): Promise<LayerSpectrum> {
    const { path: file } = await this.onDisk();
    const cache = Uri.joinPath(this.from.context.globalStorageUri, 'spectra').fsPath;
    const question = { file, layer, convolution, method, cache };
    const spectrum = await this.from.engine.run('layerSpectrum', question, { token });
    if (convolution === 'reshape') this.from.checkpoints.note(this.uri, layer, spectrum);
    return spectrum;
  }

  async path(): Promise<string> {
    return (await this.onDisk()).path;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.forgetCopy();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async describe(convolution: ConvolutionView): Promise<CheckpointSummary> {
    const { path: file } = await this.onDisk();
    return this.from.engine.run('describeCheckpoint', { file, convolution });
  }

  private onDisk(): Promise<LocalFile> {
    if (this.local !== null) return this.local;
    const local = localFile(this.uri, this.from.context.globalStorageUri);
    this.local = local;
    local.catch(() => {
      if (this.local === local) this.local = null;
    });
    return local;
  }

  private forgetCopy(): void {
    this.local?.then(
      (local) => local.dispose(),
      () => {},
    );
    this.local = null;
  }

  private readAgainSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readAgain(), SETTLE_MS);
  }

  private async readAgain(): Promise<void> {
    const before = new Map(this.summaries);
    this.forgetCopy();
    this.from.checkpoints.forget(this.uri);
    this.summaries.clear();
    try {
      await Promise.all([...before.keys()].map((convolution) => this.summary(convolution)));
      this.version++;
      this.notice = null;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      for (const [convolution, summary] of before) this.summaries.set(convolution, summary);
      this.notice = l10n.t(
        'The file changed and cannot be read now; this is what it held before. {0}',
        error.message,
      );
    }
    if (!this.disposed) this.changed.fire();
  }
}
