import { type CancellationToken, ProgressLocation, window } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';

/** The progress of a job: a share of 100, and what it is doing now. */
export interface ShownProgress {
  report(step: { readonly message?: string; readonly increment?: number }): void;
}

/** A notification with the progress of a job that can be cancelled. */
export const withProgress = async <T>(
  title: string,
  job: (progress: ShownProgress, token: CancellationToken) => Promise<T>,
): Promise<T> =>
  window.withProgress(
    { location: ProgressLocation.Notification, title: inert(title), cancellable: true },
    (progress, token) =>
      job(
        {
          report: ({ message, increment }) =>
            progress.report({ increment, message: message === undefined ? undefined : inert(message) }),
        },
        token,
      ),
  );
