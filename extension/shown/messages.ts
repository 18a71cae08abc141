import { window } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';
import { messageText } from './text.ts';

type Show = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

/** VS Code answers with the text of the button; the caller gets its own back. */
const ask = async (show: Show, message: string, buttons: readonly string[]): Promise<string | undefined> => {
  const shown = buttons.map((button) => inert(button));
  // They are passed as arguments, so there are few.
  const answer = await show(messageText(message), ...(shown as [string, string]));
  return answer === undefined ? undefined : buttons[shown.indexOf(answer)];
};

/** A message; the result is the pressed button. Nothing in the text becomes a link or an icon. */
export const showInformation = (message: string, ...buttons: string[]): Promise<string | undefined> =>
  ask((text, ...rest) => window.showInformationMessage(text, ...rest), message, buttons);

export const showWarning = (message: string, ...buttons: string[]): Promise<string | undefined> =>
  ask((text, ...rest) => window.showWarningMessage(text, ...rest), message, buttons);

export const showError = (message: string, ...buttons: string[]): Promise<string | undefined> =>
  ask((text, ...rest) => window.showErrorMessage(text, ...rest), message, buttons);

/** Asks in a dialog before something that cannot be undone. */
export const confirm = async (message: string, button: string, detail?: string): Promise<boolean> => {
  const options = { modal: true, ...(detail === undefined ? {} : { detail: messageText(detail) }) };
  const shown = inert(button);
  return (await window.showWarningMessage(messageText(message), options, shown)) === shown;
};
