import { type Disposable, StatusBarAlignment, window } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';
import { withIcon } from './text.ts';

const MESSAGE_MS = 5000;

/** Shows in the status bar, for a few seconds, that something was done. */
export const sayBriefly = (text: string): void => {
  window.setStatusBarMessage(inert(text), MESSAGE_MS);
};

/** The content of a status bar item. */
export interface StatusText {
  /** Name of an icon. */
  readonly icon: string;
  readonly text: string;
  /** Also read by a screen reader. */
  readonly tooltip: string;
  readonly command: string;
}

/** An item in the status bar, hidden until it has content. */
export class StatusPlace implements Disposable {
  private readonly item;

  constructor(id: string, name: string, priority: number) {
    this.item = window.createStatusBarItem(id, StatusBarAlignment.Right, priority);
    this.item.name = inert(name);
  }

  show({ icon, text, tooltip, command }: StatusText): void {
    this.item.text = withIcon(icon, text);
    this.item.tooltip = inert(tooltip);
    this.item.accessibilityInformation = { label: inert(tooltip) };
    this.item.command = command;
    this.item.show();
  }

  hide(): void {
    this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}
