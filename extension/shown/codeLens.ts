import { CodeLens, type Command, type Range } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';
import { withIcon } from './text.ts';

/** An action above a line of code, or in a hover. */
export interface ShownAction {
  /** Name of an icon before the title. */
  readonly icon?: string;
  readonly title: string;
  readonly tooltip?: string;
  readonly command: string;
  readonly arguments?: unknown[];
}

export const commandOf = ({ icon, title, tooltip, command, ...rest }: ShownAction): Command => ({
  title: withIcon(icon, title),
  ...(tooltip === undefined ? {} : { tooltip: inert(tooltip) }),
  command,
  arguments: rest.arguments,
});

/** A lens; without an action it gets one when it becomes visible. */
export const codeLens = (range: Range, action?: ShownAction): CodeLens =>
  new CodeLens(range, action && commandOf(action));
