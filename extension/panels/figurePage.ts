import type { Messenger } from 'vscode-messenger';
import type { WebviewIdMessageParticipant } from 'vscode-messenger-common';
import {
  EXPORT_FIGURE,
  type FigureRequest,
  LIST_FIGURES,
  type SavedFigure,
} from '../../src/protocol/messages.ts';

/** A page whose figures a command can write. */
export interface FigurePage {
  /** Whether the user is in it. A view of the side panel never is. */
  readonly active: boolean;
  readonly visible: boolean;
  /** What its files are named after. */
  readonly name: string;
  /** The titles of its figures, from top to bottom. */
  titles(): Promise<readonly string[]>;
  export(request: FigureRequest): Promise<SavedFigure>;
}

/** The page of a panel, an editor or a view, which answers through `messenger`. */
export const figurePage = (
  messenger: Messenger,
  participant: WebviewIdMessageParticipant,
  shown: { readonly active?: boolean; readonly visible: boolean },
  name: string,
): FigurePage => ({
  active: shown.active ?? false,
  visible: shown.visible,
  name,
  titles: () => messenger.sendRequest(LIST_FIGURES, participant),
  export: (request) => messenger.sendRequest(EXPORT_FIGURE, participant, request),
});

/** The page that a command means: the active one, or the first that is in sight. */
export const meantPage = (pages: readonly FigurePage[]): FigurePage | undefined =>
  pages.find(({ active }) => active) ?? pages.find(({ visible }) => visible);
