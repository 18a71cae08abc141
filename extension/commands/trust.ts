import { l10n, workspace } from 'vscode';
import { inputFault } from '../../src/protocol/messages.ts';

/** Call this before writing or running anything that a workspace requests: an untrusted one can only be viewed. */
export const refuseUntrusted = (): void => {
  if (workspace.isTrusted) return;
  throw inputFault(
    l10n.t('this workspace is not trusted, so it can only be viewed'),
    '',
    l10n.t('Trust it first (Workspaces: Manage Workspace Trust)'),
  );
};
