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

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  /** What is in the box at first, selected. */
  readonly value: string;
  /** What is wrong with a text; null when it can be taken. */
  readonly problem: (text: string) => string | null | Promise<string | null>;
}

/** Asks for a short text; undefined when the box was closed. */
export const askForText = async ({
  title,
  prompt,
  value,
  problem,
}: TextQuestion): Promise<string | undefined> =>
  window.showInputBox({
    title: inert(title),
    prompt: inert(prompt),
    value,
    validateInput: async (text) => {
      const found = await problem(text);
      return found === null ? undefined : inert(found);
    },
  });

/** Asks for one folder. */
export const askForFolder = async (title: string): Promise<Uri | undefined> =>
  (
    await window.showOpenDialog({
      title: inert(title),
      canSelectMany: false,
      canSelectFiles: false,
      canSelectFolders: true,
    })
  )?.[0];

/** Asks for one file. */
export const askForFile = async (title: string): Promise<Uri | undefined> =>
  (await window.showOpenDialog({ title: inert(title), canSelectMany: false }))?.[0];
