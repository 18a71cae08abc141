import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
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
import { type LocalFile, localFile } from './localCopy.ts';

/** Writing a checkpoint takes a while: it is read again when it has been left alone for this long. */
const SETTLE_MS = 700;

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
    private readonly engine: Engine,
    /** Where copies and results are kept. */
    private readonly storage: Uri,
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
    const cache = Uri.joinPath(this.storage, 'spectra').fsPath;
    return this.engine.run('layerSpectrum', { file, layer, convolution, method, cache }, { token });
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
    return this.engine.run('describeCheckpoint', { file, convolution });
  }

  private onDisk(): Promise<LocalFile> {
    if (this.local !== null) return this.local;
    const local = localFile(this.uri, this.storage);
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
