import { commands, Uri } from 'vscode';
import { RUN_ACTIONS, type RunAction } from '../../src/protocol/messages.ts';

const isKnown = (action: string): action is RunAction => (RUN_ACTIONS as readonly string[]).includes(action);

/** Runs the command that a page requests, on its run if it has one. Commands not meant for pages are not run. */
export const runAction = async (action: string, run?: string): Promise<void> => {
  if (!isKnown(action)) return;
  await commands.executeCommand(`pentimento.${action}`, run === undefined ? undefined : Uri.parse(run));
};
