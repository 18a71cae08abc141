import { commands, extensions } from 'vscode';
import { evaluate } from '../launcher/browserClient.ts';
import { api, eventually, visibleText } from './editor.ts';

/** What only a newly opened window shows. */
export interface Start {
  readonly installed: boolean;
  readonly activeBefore: boolean;
  /** The engine's process id, once the extension is activated. */
  readonly enginePid: number | undefined;
  readonly trainingView: { readonly text: string; readonly buttons: number };
}

let seen: Start | undefined;

/** Checks the window before the first test, so that no test has to be the first one. */
export const lookAtStart = async (): Promise<void> => {
  const extension = extensions.getExtension('pentimento.pentimento');
  const activeBefore = extension?.isActive ?? false;
  const { enginePid } = await api();
  const pid = enginePid();
  await commands.executeCommand('pentimento.trainingView.focus');
  const text = await eventually(
    'a text in the training view',
    async () => (await visibleText('training')) || undefined,
  );
  const buttons = await evaluate<number>('training', "document.querySelectorAll('button').length");
  const trainingView = { text, buttons };
  seen = { installed: extension !== undefined, activeBefore, enginePid: pid, trainingView };
};

export const atStart = (): Start => {
  if (seen === undefined) throw new Error('nobody looked at the window before the first test');
  return seen;
};
