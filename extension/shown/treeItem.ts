import { type Command, type ThemeIcon, TreeItem, TreeItemCollapsibleState, type Uri } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';
import { textLines } from './text.ts';

/** A line of a tree. */
export interface ShownItem {
  /** Only from URIs and numbers: if two are equal, VS Code shows it in an error message in which links would work. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Line by line; also read by a screen reader, if `spoken`. */
  readonly tooltip?: readonly string[];
  readonly spoken?: boolean;
  readonly icon?: ThemeIcon;
  readonly state?: TreeItemCollapsibleState;
  /** For when-clauses. */
  readonly context?: string;
  readonly command?: Command;
  /** The file that the line represents. */
  readonly file?: Uri;
}

export const treeItem = ({ id, label, state, tooltip, spoken, command, ...rest }: ShownItem): TreeItem => {
  const item = new TreeItem(inert(label), state ?? TreeItemCollapsibleState.None);
  item.id = id;
  if (rest.description !== undefined) item.description = inert(rest.description);
  item.tooltip = textLines(tooltip ?? [label]);
  if (spoken) item.accessibilityInformation = { label: (tooltip ?? [label]).map((t) => inert(t)).join(', ') };
  if (rest.icon !== undefined) item.iconPath = rest.icon;
  if (rest.context !== undefined) item.contextValue = rest.context;
  if (rest.file !== undefined) item.resourceUri = rest.file;
  if (command !== undefined) item.command = { ...command, title: inert(command.title) };
  return item;
};
