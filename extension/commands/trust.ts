import { l10n, workspace } from 'vscode';
import { inputFault } from '../../src/protocol/messages.ts';

/** To be asked before anything is written, or run, that a workspace asks for: in one that is not trusted, one may only look. */
export const refuseUntrusted = (): void => {
  if (workspace.isTrusted) return;
  throw inputFault(
    l10n.t('this workspace is not trusted, so it can only be viewed'),
    '',
    l10n.t('Trust it first (Workspaces: Manage Workspace Trust)'),
  );
};
