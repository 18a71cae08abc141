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
  private participant: WebviewIdMessageParticipant | null = null;

  constructor(
    private readonly context: ExtensionContext,
    trainings: Trainings,
    private readonly highlight: LayerHighlight,
    private readonly onPageFailed: (message: string) => void,
  ) {
    const { messenger } = this;
    this.disposables.push(
      trainings.onDidChange((training) => {
        if (this.participant) messenger.sendNotification(SHOW_TRAINING, this.participant, training);
      }),
      trainings.onDidMeasure((metrics) => {
        if (this.participant) messenger.sendNotification(ADD_METRICS, this.participant, metrics);
      }),
      highlight.onDidChange((layer) => {
        if (this.participant) messenger.sendNotification(HIGHLIGHT_LAYER, this.participant, { layer });
      }),
      messenger.onRequest(TRAINING_READY, () => ({
        training: trainings.current,
        metrics: trainings.metrics,
      })),
      messenger.onRequest(READ_ANALYSIS, (subject) =>
        whileOpen(() => this.participant !== null, this.analysisOf(subject)),
      ),
      messenger.onNotification(HIGHLIGHT_LAYER, ({ layer }) => this.highlight.set(layer)),
      messenger.onNotification(RUN_ACTION, ({ action }) => void runAction(action, trainings.current?.run)),
      messenger.onNotification(
        SAVE_FIGURE,
        (figure) => void saveFigure(figure, trainings.current?.name ?? 'training'),
      ),
      messenger.onNotification(PAGE_FAILED, ({ message }) => this.onPageFailed(message)),
    );
  }

  resolveWebviewView(view: WebviewView): void {
    view.webview.options = PAGE_OPTIONS;
    this.participant = this.messenger.registerWebviewView(view);
    view.onDidDispose(() => {
      this.participant = null;
    });
    view.webview.html = pageHtml(this.context.extensionUri, 'training', l10n.t('Training'), 'training');
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
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
