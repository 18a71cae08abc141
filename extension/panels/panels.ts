import {
  commands,
  type Disposable,
  type ExtensionContext,
  l10n,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { Messenger } from 'vscode-messenger';
import type { WebviewIdMessageParticipant } from 'vscode-messenger-common';
import {
  ASK_THEORY,
  CHOOSE_LAYER,
  Fault,
  HIGHLIGHT_LAYER,
  PAGE_FAILED,
  type PanelContent,
  type PanelState,
  type PanelSubject,
  READY,
  RUN_ACTION,
  SAVE_FIGURE,
  SHOW_CONTENT,
  SHOW_STATE,
  type TheoryDocument,
  type TheoryQuestion,
} from '../../src/protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import type { LayerHighlight } from '../runs/layerHighlight.ts';
import type { RunLibrary } from '../runs/runLibrary.ts';
import { setTitle, webviewPanel } from '../shown/webviewPanel.ts';
import { completeStep } from '../tour.ts';
import { type FigurePage, figurePage } from './figurePage.ts';
import { PAGE_OPTIONS, pageHtml } from './panelHtml.ts';
import { PANEL_PAGES, type PanelPage } from './panelPages.ts';
import { pageTitle, viewTypeOf } from './panelTitles.ts';
import { runAction } from './runAction.ts';
import { saveFigure } from './saveFigure.ts';
import { whileOpen } from './whileOpen.ts';

interface OpenPanel {
  readonly page: PanelPage;
  readonly panel: WebviewPanel;
  readonly participant: WebviewIdMessageParticipant;
  subjects: readonly PanelSubject[];
  /** Read while VS Code creates the webview, for the page's first request; null after that, or when it is outdated. */
  prepared: Promise<PanelContent> | null;
}

const sameRuns = (a: readonly PanelSubject[], b: readonly PanelSubject[]): boolean =>
  a.length === b.length && a.every(({ run }, index) => run === b[index].run);

const nameOf = ({ run }: PanelSubject): string => run.slice(run.lastIndexOf('/') + 1);

/** Its first run, or what it is about. */
const fileNameOf = ({ page, subjects: [first] }: OpenPanel): string =>
  first === undefined ? page : nameOf(first);

const iconPath = (extensionUri: Uri): { light: Uri; dark: Uri } => {
  const icon = (theme: string): Uri => Uri.joinPath(extensionUri, 'media', 'icons', `layers-${theme}.svg`);
  return { light: icon('light'), dark: icon('dark') };
};

/** Long enough for requests to VS Code to leave this process, because loading the schemas blocks it for a while. */
const SENT_MS = 25;

const sent = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SENT_MS));

/** Includes the documents' schemas, which are not needed for activation: loaded once. */
let contents: Promise<typeof import('./panelContent.ts')> | null = null;

const panelContent = async (
  { page, subjects }: Pick<OpenPanel, 'page' | 'subjects'>,
  layer: string | null,
): Promise<PanelContent> => {
  contents ??= sent().then(() => import('./panelContent.ts'));
  return (await contents).panelContent(page, subjects, layer);
};

/** The webview panels. The host keeps what they show, so a panel can be recreated at any time. */
export class Panels implements Disposable {
  private readonly open = new Set<OpenPanel>();
  private readonly messenger = new Messenger();
  private readonly disposables: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    runs: RunLibrary,
    private readonly highlight: LayerHighlight,
    private readonly onPageFailed: (message: string) => void,
    private readonly engine: Engine,
  ) {
    this.disposables = [
      runs.onDidChange(() => void this.redrawAll()),
      highlight.onDidChange(({ layer, from }) => {
        // Its own change, sent back, would undo what the user has done since.
        for (const one of this.open) {
          if (one !== from) this.messenger.sendNotification(HIGHLIGHT_LAYER, one.participant, { layer });
        }
      }),
      ...PANEL_PAGES.map((page) =>
        window.registerWebviewPanelSerializer(viewTypeOf(page), {
          deserializeWebviewPanel: async (panel, state: Partial<PanelState> | undefined) => {
            const subjects = state?.version === 2 ? (state.subjects ?? []) : [];
            this.adopt(page, panel, subjects);
          },
        }),
      ),
    ];
  }

  /** Opens a panel on runs, or reveals the open one at these states. */
  show(page: PanelPage, subjects: readonly PanelSubject[]): void {
    const existing = [...this.open].find((one) => one.page === page && sameRuns(one.subjects, subjects));
    if (existing !== undefined) {
      existing.panel.reveal();
      void this.redraw(existing, subjects);
      return;
    }
    const panel = webviewPanel(viewTypeOf(page), pageTitle(page), this.column(), PAGE_OPTIONS);
    this.adopt(page, panel, subjects);
  }

  /** Opens a panel unless one is open already. */
  showIfNone(page: PanelPage, subjects: readonly PanelSubject[]): void {
    if (this.open.size === 0) this.show(page, subjects);
  }

  figurePages(): FigurePage[] {
    return [...this.open].map((one) =>
      figurePage(this.messenger, one.participant, one.panel, fileNameOf(one)),
    );
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
    for (const { panel } of this.open) panel.dispose();
  }

  /** Where the other panels are; the first one opens beside the editor that the user works in. */
  private column(): ViewColumn {
    const shared = (this.active() ?? [...this.open][0])?.panel.viewColumn;
    return shared ?? (window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside);
  }

  /** The run at one place is at another now, with the same name for its states. */
  moved(from: Uri, to: Uri): void {
    for (const one of this.open) {
      const subjects = one.subjects.map((old) =>
        old.run === from.toString() ? { ...old, run: to.toString() } : old,
      );
      if (subjects.some((subject, index) => subject !== one.subjects[index])) void this.redraw(one, subjects);
    }
  }

  private active(): OpenPanel | undefined {
    return (
      [...this.open].find(({ panel }) => panel.active) ?? [...this.open].find(({ panel }) => panel.visible)
    );
  }

  private adopt(page: PanelPage, panel: WebviewPanel, subjects: readonly PanelSubject[]): void {
    const { webview } = panel;
    webview.options = PAGE_OPTIONS;
    panel.iconPath = iconPath(this.context.extensionUri);
    const participant = this.messenger.registerWebviewPanel(panel);
    // VS Code creates the webview meanwhile.
    const prepared = panelContent({ page, subjects }, this.highlight.current);
    // If a page is closed before its request, nobody handles the failure.
    prepared.catch(() => {});
    const one: OpenPanel = { page, panel, participant, subjects, prepared };
    this.open.add(one);
    this.nameAfter(one);
    const sender = { sender: participant };
    const listeners = [
      this.messenger.onRequest(ASK_THEORY, (question) => this.predict(question), sender),
      this.messenger.onRequest(
        READY,
        () => whileOpen(() => this.open.has(one), this.firstContent(one)),
        sender,
      ),
      this.messenger.onNotification(HIGHLIGHT_LAYER, ({ layer }) => this.highlight.set(layer, one), sender),
      this.messenger.onNotification(
        SHOW_STATE,
        ({ place, run, state }) =>
          this.redraw(
            one,
            one.subjects.map((old, index) => (index === place ? { run, state } : old)),
          ),
        sender,
      ),
      this.messenger.onNotification(
        CHOOSE_LAYER,
        ({ run, layer }) => void commands.executeCommand('pentimento.chooseLayer', { run, layer }),
        sender,
      ),
      this.messenger.onNotification(
        SAVE_FIGURE,
        (figure) => void saveFigure(figure, fileNameOf(one)),
        sender,
      ),
      this.messenger.onNotification(
        RUN_ACTION,
        ({ action }) => void runAction(action, one.subjects[0]?.run),
        sender,
      ),
      this.messenger.onNotification(PAGE_FAILED, ({ message }) => this.onPageFailed(message), sender),
    ];
    panel.onDidDispose(() => {
      this.open.delete(one);
      for (const listener of listeners) listener.dispose();
    });
    webview.html = pageHtml(this.context.extensionUri, page, panel.title);
  }

  private async predict(question: TheoryQuestion): Promise<TheoryDocument | { readonly problem: string }> {
    try {
      return await this.engine.run('theory', question);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { problem: error.message };
    }
  }

  /** A page asks again when VS Code has discarded and recreated it: then the files are read again. */
  private async firstContent(one: OpenPanel): Promise<PanelContent> {
    const { prepared } = one;
    one.prepared = null;
    const layer = this.highlight.current;
    const content = await (prepared ?? panelContent(one, layer));
    if (content.kind !== 'runs') return content;
    if (one.page === 'spectra') completeStep('spectrum');
    if (one.page === 'featureWeights') completeStep('heatmap');
    return { ...content, layer };
  }

  private nameAfter({ panel, page, subjects }: OpenPanel): void {
    const names =
      subjects.length > 2 ? l10n.t('{0} runs', subjects.length) : subjects.map(nameOf).join(' ↔ ');
    setTitle(panel, names === '' ? pageTitle(page) : l10n.t('{0}: {1}', pageTitle(page), names));
  }

  private async redraw(one: OpenPanel, subjects: readonly PanelSubject[]): Promise<void> {
    // It shows what the user types there.
    if (one.page === 'theory') return;
    one.subjects = subjects;
    one.prepared = null;
    this.nameAfter(one);
    const content = await panelContent(one, this.highlight.current);
    if (this.open.has(one)) this.messenger.sendNotification(SHOW_CONTENT, one.participant, content);
  }

  private async redrawAll(): Promise<void> {
    await Promise.all([...this.open].map((one) => this.redraw(one, one.subjects)));
  }
}
