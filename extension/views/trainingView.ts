import {
  type Disposable,
  type ExtensionContext,
  l10n,
  Uri,
  type WebviewView,
  type WebviewViewProvider,
} from 'vscode';
import { Messenger } from 'vscode-messenger';
import type { WebviewIdMessageParticipant } from 'vscode-messenger-common';
import {
  ADD_METRICS,
  Fault,
  HIGHLIGHT_LAYER,
  PAGE_FAILED,
  type PackedAnalysis,
  type PanelSubject,
  packAnalysis,
  READ_ANALYSIS,
  RUN_ACTION,
  SAVE_FIGURE,
  SHOW_TRAINING,
  TRAINING_READY,
} from '../../src/protocol/messages.ts';
import { type FigurePage, figurePage } from '../panels/figurePage.ts';
import { PAGE_OPTIONS, pageHtml } from '../panels/panelHtml.ts';
import { runAction } from '../panels/runAction.ts';
import { saveFigure } from '../panels/saveFigure.ts';
import { whileOpen } from '../panels/whileOpen.ts';
import type { LayerHighlight } from '../runs/layerHighlight.ts';
import type { Trainings } from '../training/trainings.ts';

export const TRAINING_VIEW = 'pentimento.trainingView';

/** The live view in the side panel: hydrated when it becomes visible, then updated incrementally. */
export class TrainingView implements WebviewViewProvider, Disposable {
  private readonly messenger = new Messenger({ ignoreHiddenViews: true });
  private readonly disposables: Disposable[] = [];
  private shown: { readonly view: WebviewView; readonly participant: WebviewIdMessageParticipant } | null =
    null;

  constructor(
    private readonly context: ExtensionContext,
    private readonly trainings: Trainings,
    private readonly highlight: LayerHighlight,
    private readonly onPageFailed: (message: string) => void,
  ) {
    const { messenger } = this;
    this.disposables.push(
      trainings.onDidChange((training) => {
        this.tell(SHOW_TRAINING, training);
      }),
      trainings.onDidMeasure((metrics) => {
        this.tell(ADD_METRICS, metrics);
      }),
      highlight.onDidChange(({ layer, from }) => {
        if (from !== this) this.tell(HIGHLIGHT_LAYER, { layer });
      }),
      messenger.onRequest(TRAINING_READY, () => ({
        training: trainings.current,
        metrics: trainings.metrics,
      })),
      messenger.onRequest(READ_ANALYSIS, (subject) =>
        whileOpen(() => this.shown !== null, this.analysisOf(subject)),
      ),
      messenger.onNotification(HIGHLIGHT_LAYER, ({ layer }) => this.highlight.set(layer, this)),
      messenger.onNotification(RUN_ACTION, ({ action }) => void runAction(action, trainings.current?.run)),
      messenger.onNotification(SAVE_FIGURE, (figure) => void saveFigure(figure, this.name())),
      messenger.onNotification(PAGE_FAILED, ({ message }) => this.onPageFailed(message)),
    );
  }

  resolveWebviewView(view: WebviewView): void {
    view.webview.options = PAGE_OPTIONS;
    this.shown = { view, participant: this.messenger.registerWebviewView(view) };
    view.onDidDispose(() => {
      this.shown = null;
    });
    view.webview.html = pageHtml(this.context.extensionUri, 'training', l10n.t('Training'), 'training');
  }

  /** None while the view is closed. */
  figurePages(): FigurePage[] {
    if (this.shown === null) return [];
    return [figurePage(this.messenger, this.shown.participant, this.shown.view, this.name())];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** What files are named after. */
  private name(): string {
    return this.trainings.current?.name ?? 'training';
  }

  private tell<Params>(what: { readonly method: string; readonly _?: Params }, params: Params): void {
    if (this.shown) this.messenger.sendNotification(what, this.shown.participant, params);
  }

  private async analysisOf({ run, state }: PanelSubject): Promise<PackedAnalysis | null> {
    try {
      const { readAnalysis } = await import('../runs/readRun.ts');
      return packAnalysis(await readAnalysis(Uri.parse(run), state));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.onPageFailed(error.message);
      return null;
    }
  }
}
