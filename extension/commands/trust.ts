import { l10n, workspace } from 'vscode';
import { inputFault } from '../../src/protocol/messages.ts';

/** Call this before writing or running anything that a workspace requests: an untrusted one can only be viewed. */
export const refuseUntrusted = (): void => {
  if (workspace.isTrusted) return;
  throw inputFault(
    l10n.t('the workspace is not trusted, so you can only view it'),
    '',
    l10n.t('Run Workspaces: Manage Workspace Trust to trust it'),
  );
};
