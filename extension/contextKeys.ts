import { commands, type Disposable } from 'vscode';
import { isResumable, type RunEntry, type RunLibrary } from './runs/runLibrary.ts';

const SETTLE_MS = 1000;

const set = (key: string, value: boolean): void =>
  void commands.executeCommand('setContext', `pentimento.${key}`, value);

const update = (runs: readonly RunEntry[]): void => {
  set(
    'hasRuns',
    runs.some(({ record }) => record !== null),
  );
  set(
    'hasAnalysis',
    runs.some(({ analysed }) => analysed.length > 0),
  );
  set('hasUnfinished', runs.some(isResumable));
  set(
    'hasSelection',
    runs.some(({ selection }) => selection !== null),
  );
};

/** Keeps the keys by which commands are offered only where they can work. `active`: the others are known. */
export const followContext = (runs: RunLibrary): Disposable => {
  const read = async (): Promise<void> => {
    update(await runs.all());
    set('active', true);
  };
  // What the user asked for when the extension was activated comes first.
  const first = setTimeout(() => void read(), SETTLE_MS);
  const changes = runs.onDidChange(() => void read());
  return {
    dispose: () => {
      clearTimeout(first);
      changes.dispose();
    },
  };
};
