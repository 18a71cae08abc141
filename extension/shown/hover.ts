import { Hover, MarkdownString, type Range } from 'vscode';
import type { ShownAction } from './codeLens.ts';
import { commandLink } from './commandLink.ts';
import { asMarkdown } from './text.ts';

/** Links that can run only these commands. */
const links = (actions: readonly ShownAction[]): MarkdownString => {
  const markdown = new MarkdownString(
    actions
      .map(
        ({ title, command, arguments: given = [] }) =>
          `[${asMarkdown(title)}](${commandLink(command, given)})`,
      )
      .join(' | '),
  );
  markdown.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  return markdown;
};

/** A hover: lines in which no link works, and the actions below them. */
export const hover = (lines: readonly string[], actions: readonly ShownAction[], range: Range): Hover =>
  new Hover([new MarkdownString(lines.map(asMarkdown).join('\n\n')), links(actions)], range);
