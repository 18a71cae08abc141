import { commands, l10n } from 'vscode';
import { computingOf } from '../engine/computing.ts';
import type { JobOptions } from '../engine/engine.ts';
import type { RunEntry } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { withProgress } from '../shown/progress.ts';
import { chooseRun, type RunArgument, stateOf } from './chooseRun.ts';

/** Inspects a run at a state with progress that can be cancelled; false when it was cancelled. */
export const inspectRun = (
  services: Services,
  run: Pick<RunEntry, 'uri' | 'name'>,
  state: string,
): Promise<boolean> => {
  const params = { folder: run.uri.fsPath, state, ...computingOf(services.context) };
  return inspectWith(services, run.name, (options) => services.engine.run('inspect', params, options));
};

type Watched = JobOptions<'inspect' | 'inspectFile'>;

/** An inspection with progress that can be cancelled; false when it was cancelled. */
export const inspectWith = async (
  { runs }: Services,
  name: string,
  job: (options: Watched) => Promise<unknown>,
): Promise<boolean> => {
  const done = await withProgress(l10n.t('Inspecting {0}', name), async (progress, token) => {
    let shown = 0;
    try {
      await job({
        token,
        onProgress: ({ done, total, message }) => {
          const share = (100 * done) / Math.max(1, total);
          progress.report({ message, increment: Math.max(0, share - shown) });
          shown = Math.max(shown, share);
        },
      });
      return true;
    } catch (error) {
      if (token.isCancellationRequested) return false;
      throw error;
    }
  });
  runs.refresh();
  return done;
};

/** Inspect: measures every layer of a run, then offers next steps. */
export const inspect =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await chooseRun(services, argument, ({ states }) => states.length > 0);
    if (run === undefined) return;
    const state = stateOf(argument);
    if (await inspectRun(services, run, state)) void offerResults(services, run, state);
  };

export const offerResults = async (
  { panels }: Services,
  run: Pick<RunEntry, 'uri' | 'name'>,
  state: string,
): Promise<void> => {
  const choose = l10n.t('Choose Layer…');
  const probes = l10n.t('Open Probes');
  const answer = await showInformation(l10n.t('{0} is inspected.', run.name), choose, probes);
  if (answer === choose) await commands.executeCommand('pentimento.chooseLayer', { run: run.uri.toString() });
  if (answer === probes) panels.show('probes', [{ run: run.uri.toString(), state }]);
};
