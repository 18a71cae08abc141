import { access } from 'node:fs/promises';
import { Uri } from 'vscode';
import { readBounded } from '../../src/disk/index.ts';
import { RUN_LIMIT } from '../../src/protocol/messages.ts';
import type { RunPage } from '../panels/panelPages.ts';
import { at } from '../runs/files.ts';
import type { Services } from '../services.ts';
import { chooseRun, type RunArgument, stateOf } from './chooseRun.ts';

/**
 * Whether a run clearly exists and is analysed. Then VS Code can create the webview while the documents are read;
 * all other runs are checked first, which explains what is wrong with them.
 */
const isPlainlySound = async (run: Uri): Promise<boolean> => {
  try {
    // Not with VS Code's file system, which takes 40 ms for its first answer.
    const file = (name: string): string => at(run, name).fsPath;
    const bound = { limit: RUN_LIMIT, place: '', remedy: '' };
    const [text] = await Promise.all([readBounded(file('run.json'), bound), access(file('analysis.json'))]);
    return Array.isArray((JSON.parse(text) as { layers?: unknown }).layers);
  } catch {
    return false;
  }
};

/** Opens a panel on a run, or on the state that it was called on. */
export const openPanel =
  (services: Services, page: RunPage) =>
  async (argument?: RunArgument): Promise<void> => {
    if (argument instanceof Uri && argument.scheme === 'file' && (await isPlainlySound(argument))) {
      services.panels.show(page, [{ run: argument.toString(), state: 'last' }]);
      return;
    }
    const run = await chooseRun(services, argument, ({ analysed }) => analysed.length > 0);
    if (run === undefined) return;
    const asked = stateOf(argument);
    const state = run.analysed.includes(asked) ? asked : (run.analysed.at(-1) ?? 'last');
    services.panels.show(page, [{ run: run.uri.toString(), state }]);
  };
