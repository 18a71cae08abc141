import { Disposable, EventEmitter, FileType, Uri, workspace } from 'vscode';
import type { CheckpointSummary, LayerSpectrum } from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import { stampOf } from '../runs/files.ts';
import { keepWhileSame } from '../runs/keepWhileSame.ts';
import { CHECKPOINT_GLOB, CHECKPOINT_GLOBS, isCheckpointName } from './checkpointNames.ts';
import { stampsNow, stampsRead } from './partStamps.ts';

const EXCLUDED = '**/{node_modules,.git}/**';
/** Limit for each kind. A workspace with more is a data store, in which a picker is of no use. */
const LISTED = 5000;
const SETTLE_MS = 1000;

/** The measured layers of one version of a checkpoint, by name. */
interface MeasuredVersion {
  readonly version: string;
  readonly layers: Map<string, LayerSpectrum>;
}

/**
 * The checkpoints of the workspace by path, with their summaries and the measures of their layers; found and read on
 * demand.
 */
export class CheckpointLibrary implements Disposable {
  private readonly changed = new EventEmitter<readonly Uri[]>();
  /** These files were added, removed or changed. */
  readonly onDidChange = this.changed.event;
  private readonly measured = new EventEmitter<Uri>();
  /** Layers of a file were measured. */
  readonly onDidMeasure = this.measured.event;
  /** By path, for one version of the files. */
  private readonly spectra = new Map<string, MeasuredVersion>();
  private found: Promise<ReadonlyMap<string, Uri>> | null = null;
  private watcher: Disposable | null = null;
  private changing: NodeJS.Timeout | undefined;
  private touched: readonly Uri[] = [];
  private readonly measuring = new Map<string, NodeJS.Timeout>();

  private readonly summaryIn: (file: string) => Promise<CheckpointSummary>;

  constructor(engine: Engine) {
    this.summaryIn = keepWhileSame(
      LISTED,
      {
        now: (file, known) => (known === undefined ? stampOf(Uri.parse(file)) : stampsNow(known.parts)),
        of: ({ parts }) => stampsRead(parts),
      },
      (file) => engine.run('describeCheckpoint', { file: Uri.parse(file).fsPath, convolution: 'reshape' }),
    );
  }

  /** By path. */
  files(): Promise<ReadonlyMap<string, Uri>> {
    this.follow();
    this.found ??= this.find();
    return this.found;
  }

  /** Looks for them again. */
  refresh(): void {
    this.touch([]);
  }

  /** Read again when one of its files has changed. Throws the fault of a file that cannot be read. */
  summary(uri: Uri): Promise<CheckpointSummary> {
    return this.summaryIn(uri.toString());
  }

  /** Keeps the measures of a layer in this version of the checkpoint; those of other versions are dropped. */
  note(uri: Uri, version: string, layer: string, spectrum: LayerSpectrum): void {
    const known = this.spectra.get(uri.path);
    const measured = known?.version === version ? known : { version, layers: new Map() };
    this.spectra.set(uri.path, measured);
    measured.layers.set(layer, spectrum);
    if (this.measuring.has(uri.path)) return;
    const tell = (): void => {
      this.measuring.delete(uri.path);
      this.measured.fire(uri);
    };
    this.measuring.set(uri.path, setTimeout(tell, SETTLE_MS));
  }

  /** By layer: the measures of this version in this session. */
  spectraOf(uri: Uri, version: string): ReadonlyMap<string, LayerSpectrum> {
    const known = this.spectra.get(uri.path);
    return known?.version === version ? known.layers : new Map();
  }

  dispose(): void {
    clearTimeout(this.changing);
    for (const timer of this.measuring.values()) clearTimeout(timer);
    this.watcher?.dispose();
    this.changed.dispose();
    this.measured.dispose();
  }

  private async find(): Promise<ReadonlyMap<string, Uri>> {
    const found = await Promise.all(
      CHECKPOINT_GLOBS.map((glob) => workspace.findFiles(glob, EXCLUDED, LISTED)),
    );
    const uris = found.flat().filter(({ path }) => isCheckpointName(path));
    return new Map(uris.map((uri) => [uri.path, uri]));
  }

  private follow(): void {
    if (this.watcher !== null) return;
    const files = workspace.createFileSystemWatcher(CHECKPOINT_GLOB);
    const touch = (uri: Uri): void => this.touch([uri]);
    files.onDidCreate(touch);
    files.onDidDelete(touch);
    files.onDidChange(touch);
    // Of a folder that comes or goes as a whole, VS Code does not report the files.
    const folders = workspace.createFileSystemWatcher('**', false, true, false);
    folders.onDidCreate((uri) => void this.touchFolder(uri));
    folders.onDidDelete((uri) => void this.touchIn(uri));
    this.watcher = Disposable.from(files, folders);
  }

  /** Tells, once no more changes come, that files were added, removed or changed. */
  private touch(uris: readonly Uri[]): void {
    this.touched = this.touched.concat(uris);
    clearTimeout(this.changing);
    this.changing = setTimeout(() => {
      const files = this.touched;
      this.touched = [];
      this.found = null;
      this.changed.fire(files);
    }, SETTLE_MS);
  }

  private async touchFolder(uri: Uri): Promise<void> {
    if ((await typeOf(uri)) & FileType.Directory) this.touch([uri]);
  }

  /** Touches the known files in a folder that is gone. */
  private async touchIn({ path }: Uri): Promise<void> {
    const known = (await this.found) ?? new Map<string, Uri>();
    const gone = [...known.values()].filter((file) => file.path.startsWith(`${path}/`));
    if (gone.length > 0) this.touch(gone);
  }
}

/** `Unknown` for what is gone by now. */
const typeOf = async (uri: Uri): Promise<FileType> => {
  try {
    return (await workspace.fs.stat(uri)).type;
  } catch {
    return FileType.Unknown;
  }
};
