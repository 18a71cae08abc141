import { type ViewColumn, type WebviewOptions, type WebviewPanel, window } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';

/** A panel; its title is shown on the tab. */
export const webviewPanel = (
  type: string,
  title: string,
  column: ViewColumn,
  options: WebviewOptions,
): WebviewPanel => window.createWebviewPanel(type, inert(title), column, options);

export const setTitle = (panel: WebviewPanel, title: string): void => {
  panel.title = inert(title);
};
