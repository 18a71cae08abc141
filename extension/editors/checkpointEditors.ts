import {
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  commands,
  Disposable,
  l10n,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { Messenger } from 'vscode-messenger';
import type { CheckpointPageState } from '../../src/protocol/messages.ts';
import type { FigurePage } from '../panels/figurePage.ts';
import { PAGE_OPTIONS } from '../panels/panelHtml.ts';
import { webviewPanel } from '../shown/webviewPanel.ts';
import { completeStep } from '../tour.ts';
import type { CheckpointView } from './checkpointView.ts';
import type { EditorWorkplace } from './workplace.ts';

/** The editors by priority: one is VS Code's default for files with its endings, the other is an option. */
const EDITOR_TYPES = ['pentimento.checkpoint', 'pentimento.checkpointOption'] as const;
const CHECKPOINT_PANEL = 'pentimento.checkpointPanel';

const nameOf = ({ path }: Uri): string => path.slice(path.lastIndexOf('/') + 1);

/** Shows checkpoints: as read-only editors, and in panels beside them. */
export class CheckpointEditors implements CustomReadonlyEditorProvider, Disposable {
  private readonly messenger = new Messenger();
  private readonly registrations: Disposable;
  private readonly views = new Set<CheckpointView>();
  /** Layers to show in editors that do not exist yet, by file. */
  private readonly begins = new Map<string, string>();

  constructor(private readonly workplace: EditorWorkplace) {
    const editors = EDITOR_TYPES.map((type) =>
      window.registerCustomEditorProvider(type, this, { supportsMultipleEditorsPerDocument: true }),
    );
    this.registrations = Disposable.from(
      new Disposable(() => {
        for (const editor of editors) editor.dispose();
      }),
      window.registerWebviewPanelSerializer(CHECKPOINT_PANEL, {
        deserializeWebviewPanel: async (panel, state: Partial<CheckpointPageState> | undefined) => {
          const files = state?.version === 1 ? (state.files ?? []) : [];
          if (files.length === 0) panel.dispose();
          else
            await this.show(
              panel,
              files.map((file) => Uri.parse(file)),
            );
        },
      }),
    );
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    return this.show(panel, [uri]);
  }

  /** Opens the editor of a checkpoint, or reveals it; at a layer if one is named. */
  async openEditor(uri: Uri, layer: string | null): Promise<void> {
    const open = [...this.views].filter((view) => view.shows(uri));
    if (layer !== null && open.length === 0) this.begins.set(uri.toString(), layer);
    await commands.executeCommand('vscode.openWith', uri, EDITOR_TYPES[0]);
    if (layer !== null) for (const view of open) view.reveal(layer);
  }

  /** A panel beside the editor: on one checkpoint, or on two that are compared. */
  openPanel(uris: readonly Uri[]): Promise<void> {
    const names = uris.map(nameOf).join(' ↔ ');
    const title = uris.length === 1 ? l10n.t('Checkpoint: {0}', names) : names;
    return this.show(webviewPanel(CHECKPOINT_PANEL, title, ViewColumn.Beside, PAGE_OPTIONS), uris);
  }

  figurePages(): FigurePage[] {
    return [...this.views].map((view) => view.figurePage());
  }

  dispose(): void {
    this.registrations.dispose();
    for (const view of this.views) view.dispose();
  }

  private async show(panel: WebviewPanel, uris: readonly Uri[]): Promise<void> {
    const { CheckpointView } = await import('./checkpointView.ts');
    const view = new CheckpointView(this.workplace, this.messenger, panel, uris);
    this.views.add(view);
    completeStep('checkpoint');
    const key = uris[0].toString();
    const begin = this.begins.get(key);
    if (this.begins.delete(key) && begin !== undefined) view.reveal(begin);
    panel.onDidDispose(() => this.views.delete(view));
  }
}
