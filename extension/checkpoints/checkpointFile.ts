import {
  type CancellationToken,
  CancellationTokenSource,
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
  type FilePart,
  type LayerSpectrum,
  type LayerSpectrumParams,
  type TensorValues,
} from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import type { CheckpointLibrary } from './checkpointLibrary.ts';
import { type LocalFile, localFile } from './localCopy.ts';
import { stampsNow, stampsRead } from './partStamps.ts';

/** Writing a checkpoint takes a while: it is read again when it has not changed for this long. */
const SETTLE_MS = 700;
/**
 * How often the files themselves are checked. VS Code does not say when a watcher has started, and not every file
 * system reports changes.
 */
const LOOK_MS = 3000;

/** What an open checkpoint needs: copies and results are kept in the extension's storage. */
export interface CheckpointWorkplace {
  readonly context: Pick<ExtensionContext, 'globalStorageUri'>;
  readonly engine: Engine;
  readonly checkpoints: CheckpointLibrary;
}

/**
 * An open checkpoint: its summary and spectra come from the engine. When the file changes it is read again;
 * while it cannot be (half written, gone), the last summary stays, and `notice` says so.
 */
export class CheckpointFile implements Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: Disposable[] = [this.changed];
  private readonly summaries = new Map<ConvolutionView, Promise<CheckpointSummary>>();
  private readonly reading = new CancellationTokenSource();
  private local: Promise<LocalFile> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  /** Counts the versions of the file. */
  version = 0;
  notice: string | null = null;

  /** The files of the last summary, and their stamps, or those of files that could not be read since. */
  private parts: readonly FilePart[] = [];
  private seen = '';
  private looking: NodeJS.Timeout | undefined;
  /** Files that belong to the checkpoint, and the folders that are watched for them. */
  private readonly followed = new Set<string>();
  private readonly watched = new Set<string>();

  constructor(
    readonly uri: Uri,
    private readonly from: CheckpointWorkplace,
  ) {
    this.follow(uri);
  }

  get name(): string {
    return this.uri.path.slice(this.uri.path.lastIndexOf('/') + 1);
  }

  /** From the header alone. Throws the fault of a file that cannot be read. */
  summary(convolution: ConvolutionView): Promise<CheckpointSummary> {
    const known = this.summaries.get(convolution);
    if (known !== undefined) {
      void this.look();
      return known;
    }
    const asked = this.describe(convolution);
    this.summaries.set(convolution, asked);
    // A failed request is repeated the next time.
    asked.catch(() => this.summaries.delete(convolution));
    return asked;
  }

  /** The spectrum for the version of the summary; if the files have another version, the fault updates the page. */
  async spectrum(
    layer: string,
    convolution: ConvolutionView,
    method: LayerSpectrumParams['method'],
    token: CancellationToken,
  ): Promise<LayerSpectrum> {
    const { path: file } = await this.onDisk();
    const cache = Uri.joinPath(this.from.context.globalStorageUri, 'spectra').fsPath;
    const described = this.summaries.get(convolution) ?? this.summary(convolution);
    const { version } = await described;
    const question = { file, version, layer, convolution, method, cache };
    try {
      const spectrum = await this.from.engine.run('layerSpectrum', question, { token });
      if (convolution === 'reshape') this.from.checkpoints.note(this.uri, version, layer, spectrum);
      return spectrum;
    } catch (error) {
      void this.look();
      throw error;
    }
  }

  /** What is counted in the tensors that are not weight matrices. */
  async values(convolution: ConvolutionView): Promise<readonly TensorValues[]> {
    const { path: file } = await this.onDisk();
    const { version } = await this.summary(convolution);
    const { token } = this.reading;
    return this.from.engine.run('tensorValues', { file, version, convolution }, { token });
  }

  async path(): Promise<string> {
    return (await this.onDisk()).path;
  }

  dispose(): void {
    this.disposed = true;
    this.reading.cancel();
    this.reading.dispose();
    clearTimeout(this.timer);
    clearInterval(this.looking);
    this.forgetCopy();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async describe(convolution: ConvolutionView): Promise<CheckpointSummary> {
    const { path: file } = await this.onDisk();
    const summary = await this.from.engine.run('describeCheckpoint', { file, convolution });
    if (this.uri.scheme === 'file') this.followParts(summary.parts);
    return summary;
  }

  private followParts(parts: readonly FilePart[]): void {
    this.parts = parts;
    this.seen = stampsRead(parts);
    for (const { path } of parts) this.follow(Uri.file(path));
    if (!this.disposed) this.looking ??= setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** Reads again when `file` changes: the checkpoint itself, a shard or external data, whether it exists or not. */
  private follow(file: Uri): void {
    this.followed.add(file.toString());
    const folder = Uri.joinPath(file, '..');
    if (this.disposed || this.watched.has(folder.toString())) return;
    this.watched.add(folder.toString());
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, '*'));
    const changed = (changed: Uri): void => {
      if (this.followed.has(changed.toString())) this.readAgainSoon();
    };
    this.disposables.push(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
    );
  }

  /** Reads again when a file differs from both the shown version and the one that could not be read. */
  private async look(): Promise<void> {
    const { parts } = this;
    const now = await stampsNow(parts);
    if (parts === this.parts && now !== this.seen && !this.disposed) this.readAgainSoon();
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
    const stamps = await stampsNow(this.parts);
    this.forgetCopy();
    this.summaries.clear();
    try {
      await Promise.all([...before.keys()].map((convolution) => this.summary(convolution)));
      this.version++;
      this.notice = null;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.seen = stamps;
      for (const [convolution, summary] of before) this.summaries.set(convolution, summary);
      this.notice = l10n.t(
        'The file changed and cannot be read. The page shows its previous contents. {0}',
        error.message,
      );
    }
    if (!this.disposed) this.changed.fire();
  }
}
