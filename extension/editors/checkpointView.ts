import { commands, type Disposable, l10n, type Uri, type WebviewPanel } from 'vscode';
import type { Messenger } from 'vscode-messenger';
import type { WebviewIdMessageParticipant } from 'vscode-messenger-common';
import {
  CHECKPOINT_READY,
  CHECKPOINT_SPECTRUM,
  type CheckpointPageContent,
  type CheckpointValues,
  COMPARE_CHECKPOINT,
  type ConvolutionView,
  EXPORT_CHECKPOINT,
  Fault,
  OPEN_CHECKPOINT_PANEL,
  PAGE_FAILED,
  READ_VALUES,
  RUN_ACTION,
  SAVE_FIGURE,
  SHOW_CHECKPOINTS,
  SHOW_CONVOLUTION,
  SHOW_WEIGHTS,
  WANT_EXACT,
  WANT_SPECTRA,
} from '../../src/protocol/messages.ts';
import { CheckpointFile } from '../checkpoints/checkpointFile.ts';
import { SpectraQueue } from '../checkpoints/spectraQueue.ts';
import { type FigurePage, figurePage } from '../panels/figurePage.ts';
import { PAGE_OPTIONS, pageHtml } from '../panels/panelHtml.ts';
import { runAction } from '../panels/runAction.ts';
import { saveFigure } from '../panels/saveFigure.ts';
import { whileOpen } from '../panels/whileOpen.ts';
import { exportCheckpoint } from './exportCheckpoint.ts';
import type { EditorWorkplace } from './workplace.ts';

/** One page that shows a checkpoint, or two side by side: an editor or a panel. It is disposed with its panel. */
export class CheckpointView implements Disposable {
  private readonly files: readonly CheckpointFile[];
  private readonly queue: SpectraQueue;
  private readonly disposables: Disposable[];
  private readonly participant: WebviewIdMessageParticipant;
  private convolution: ConvolutionView = 'reshape';
  /** The layer to show when the page first requests its content; null afterwards, or if no layer was named. */
  private begin: string | null = null;
  private ready = false;
  private open = true;

  constructor(
    private readonly workplace: EditorWorkplace,
    private readonly messenger: Messenger,
    private readonly panel: WebviewPanel,
    uris: readonly Uri[],
  ) {
    const { context } = workplace;
    this.files = uris.map((uri) => new CheckpointFile(uri, workplace));
    this.queue = new SpectraQueue(
      ({ checkpoint, layer, convolution, method }, token) =>
        this.files[checkpoint].spectrum(layer, convolution, method, token),
      ({ checkpoint, layer, convolution }, spectrum, error) => {
        const problem = spectrum === null ? this.wordsOf(error) : null;
        const { version } = this;
        this.tell(CHECKPOINT_SPECTRUM, { version, checkpoint, layer, convolution, spectrum, problem });
      },
    );
    panel.webview.options = PAGE_OPTIONS;
    this.participant = messenger.registerWebviewPanel(panel);
    this.disposables = [
      this.queue,
      ...this.files,
      ...this.files.map((file) => file.onDidChange(() => void this.showAgain())),
      ...this.answers(),
      ...this.actions(uris),
    ];
    panel.onDidDispose(() => this.dispose());
    // The engine reads the header while VS Code creates the webview.
    for (const file of this.files) file.summary(this.convolution).catch(() => {});
    panel.webview.html = pageHtml(context.extensionUri, 'checkpoint', panel.title, 'checkpoint');
  }

  dispose(): void {
    this.open = false;
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Whether this is the page of only this file. */
  shows(uri: Uri): boolean {
    return this.files.length === 1 && this.files[0].uri.toString() === uri.toString();
  }

  figurePage(): FigurePage {
    return figurePage(this.messenger, this.participant, this.panel, this.files[0].name);
  }

  /** Goes to a layer: immediately, or when the page is ready. */
  reveal(layer: string): void {
    if (this.ready) this.tell(SHOW_WEIGHTS, { layer });
    else this.begin = layer;
  }

  /** Handlers of what the page asks about the files. */
  private answers(): Disposable[] {
    const { messenger } = this;
    const options = { sender: this.participant };
    return [
      messenger.onRequest(
        CHECKPOINT_READY,
        (state) => this.whileOpen(this.firstContent(state?.convolution)),
        options,
      ),
      messenger.onRequest(
        SHOW_CONVOLUTION,
        ({ convolution }) => this.whileOpen(this.content(convolution)),
        options,
      ),
      messenger.onRequest(
        READ_VALUES,
        ({ convolution }) => this.whileOpen(this.values(convolution)),
        options,
      ),
      messenger.onNotification(
        WANT_SPECTRA,
        ({ layers, convolution }) =>
          this.queue.want(
            layers.flatMap((layer) =>
              this.files.map((_, checkpoint) => ({
                checkpoint,
                layer,
                convolution,
                method: 'auto' as const,
              })),
            ),
          ),
        options,
      ),
      messenger.onNotification(
        WANT_EXACT,
        ({ layer, convolution }) => {
          for (const checkpoint of this.files.keys()) {
            this.queue.wantFirst({ checkpoint, layer, convolution, method: 'exact' });
          }
        },
        options,
      ),
    ];
  }

  /** Handlers of what the user does on the page. */
  private actions(uris: readonly Uri[]): Disposable[] {
    const { messenger, workplace } = this;
    const options = { sender: this.participant };
    return [
      messenger.onNotification(
        COMPARE_CHECKPOINT,
        () => void commands.executeCommand('pentimento.compareCheckpoints', uris[0]),
        options,
      ),
      messenger.onNotification(
        OPEN_CHECKPOINT_PANEL,
        () => void commands.executeCommand('pentimento.openCheckpointPanel', uris[0], uris[1]),
        options,
      ),
      messenger.onNotification(
        EXPORT_CHECKPOINT,
        ({ format, convolution }) =>
          void exportCheckpoint(workplace, this.files[0], format, convolution).catch((error: unknown) =>
            this.workplace.log.error(this.wordsOf(error)),
          ),
        options,
      ),
      messenger.onNotification(SAVE_FIGURE, (figure) => void saveFigure(figure, this.files[0].name), options),
      messenger.onNotification(RUN_ACTION, ({ action }) => void runAction(action), options),
      messenger.onNotification(
        PAGE_FAILED,
        ({ message }) => workplace.log.error(`Page: ${message}`),
        options,
      ),
    ];
  }

  private async firstContent(convolution?: ConvolutionView): Promise<CheckpointPageContent> {
    const content = await this.content(convolution);
    const { begin } = this;
    this.begin = null;
    this.ready = true;
    return content.kind === 'checkpoints' && begin !== null ? { ...content, layer: begin } : content;
  }

  /** Counts the versions of all files. */
  private get version(): number {
    return this.files.reduce((sum, { version }) => sum + version, 0);
  }

  private async content(convolution = this.convolution): Promise<CheckpointPageContent> {
    this.convolution = convolution;
    // A page that requests content was just created, and has no measures yet.
    this.queue.clear();
    try {
      const summaries = await Promise.all(this.files.map((file) => file.summary(convolution)));
      return {
        kind: 'checkpoints',
        checkpoints: this.files.map(({ uri, name }, index) => ({
          uri: uri.toString(),
          name,
          summary: summaries[index],
        })),
        definitions: summaries[0].definitions,
        version: this.version,
        notice: this.files.find(({ notice }) => notice !== null)?.notice ?? null,
      };
    } catch (error) {
      if (!(error instanceof Fault)) this.workplace.log.error(this.wordsOf(error));
      return { kind: 'nothing', message: this.wordsOf(error) };
    }
  }

  /** Counts of the tensors that are not layers; none for a file that cannot be read. */
  private async values(convolution: ConvolutionView): Promise<CheckpointValues> {
    const { version } = this;
    const read = this.files.map((file) =>
      file.values(convolution).catch((error: unknown) => {
        if (this.open) this.workplace.log.error(this.wordsOf(error));
        return [];
      }),
    );
    return { version, checkpoints: await Promise.all(read) };
  }

  private whileOpen<T>(answer: Promise<T>): Promise<T> {
    return whileOpen(() => this.open, answer);
  }

  private async showAgain(): Promise<void> {
    this.tell(SHOW_CHECKPOINTS, await this.content());
  }

  private tell<Params>(what: { readonly method: string; readonly _?: Params }, params: Params): void {
    this.messenger.sendNotification(what, this.participant, params);
  }

  private wordsOf(error: unknown): string {
    if (error instanceof Fault) return error.message;
    return l10n.t('Pentimento failed: {0}', error instanceof Error ? error.message : String(error));
  }
}
