import { commands, type Disposable } from 'vscode';
import { isUnfinished, type RunEntry, type RunLibrary } from './runs/runLibrary.ts';

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
  set('hasUnfinished', runs.some(isUnfinished));
  set(
    'hasSelection',
    runs.some(({ selection }) => selection !== null),
  );
};

/** Keeps the keys by which commands are offered only where they can work. `active`: the others are known. */
export const followContext = (runs: RunLibrary): Disposable => {
  const read = async (): Promise<void> => update(await runs.all());
  void read().then(() => set('active', true));
  return runs.onDidChange(() => void read());
};
