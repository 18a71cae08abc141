import { type Uri, window } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';

export interface SaveQuestion {
  readonly title?: string;
  readonly defaultUri?: Uri;
  /** The only offered ending, such as `svg`. */
  readonly ending?: string;
}

/** Asks where to write; the dialog proposes `defaultUri`. */
export const askWhereToSave = async ({ title, defaultUri, ending }: SaveQuestion): Promise<Uri | undefined> =>
  window.showSaveDialog({
    defaultUri,
    ...(title === undefined ? {} : { title: inert(title) }),
    ...(ending === undefined ? {} : { filters: { [ending.toUpperCase()]: [ending] } }),
  });

/** Asks for one file. */
export const askForFile = async (title: string): Promise<Uri | undefined> =>
  (await window.showOpenDialog({ title: inert(title), canSelectMany: false }))?.[0];
