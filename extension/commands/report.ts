import { l10n } from 'vscode';
import { Fault } from '../../src/protocol/messages.ts';
import type { Services } from '../services.ts';
import { showError } from '../shown/messages.ts';

/** One message with a button for the log. A fault is for the user; anything else is a bug and is reported as one. */
export const reportError = (
  { log, diagnostics }: Pick<Services, 'log' | 'diagnostics'>,
  error: unknown,
): void => {
  const fault = error instanceof Fault;
  const message = fault
    ? error.message
    : l10n.t('Pentimento failed: {0}', (error as Error).message ?? String(error));
  log.error(fault ? message : error instanceof Error ? (error.stack ?? message) : message);
  if (fault) void diagnostics.show(error);
  const showLog = l10n.t('Show Log');
  void showError(message, showLog).then((answer) => {
    if (answer === showLog) log.show();
  });
};
