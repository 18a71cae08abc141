import { commands, type Disposable } from 'vscode';
import { isResumable, type RunEntry, type RunLibrary } from './runs/runLibrary.ts';

const SETTLE_MS = 1000;

const set = (key: string, value: boolean): void =>
  void commands.executeCommand('setContext', `pentimento.${key}`, value);

const update = (runs: readonly RunEntry[]): void => {
  set(
    'hasRuns',
    runs.some(({ record, inspection }) => record !== null || inspection !== null),
  );
  set(
    'hasAnalysis',
    runs.some(({ analysed }) => analysed.length > 0),
  );
  set('hasUnfinished', runs.some(isResumable));
  set(
    'hasSelection',
    runs.some(({ selections }) => selections.length > 0),
  );
};

/** Maintains the context keys that offer commands only where they work. `active`: all other keys are set. */
export const followContext = (runs: RunLibrary): Disposable => {
  const read = async (): Promise<void> => {
    update(await runs.all());
    set('active', true);
  };
  // The action that activated the extension has priority.
  const first = setTimeout(() => void read(), SETTLE_MS);
  const changes = runs.onDidChange(() => void read());
  return {
    dispose: () => {
      clearTimeout(first);
      changes.dispose();
    },
  };
};
