import { l10n } from 'vscode';
import type { PanelSubject } from '../../src/protocol/messages.ts';
import type { RunEntry } from '../runs/runLibrary.ts';
import { settingsOf } from '../runs/settings.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { pickSeveral } from '../shown/quickPick.ts';
import { chooseRun, type RunArgument, runChoice } from './chooseRun.ts';

/** The latest analysed state. */
const subjectOf = ({ uri, analysed }: RunEntry): PanelSubject => ({
  run: uri.toString(),
  state: analysed.at(-1) ?? 'last',
});

/** Settings that most runs have, the first of equally many. */
const commonest = (runs: readonly RunEntry[]): string => {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(keyOf(run), (counts.get(keyOf(run)) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
};
const keyOf = ({ record }: RunEntry): string => (record === null ? '' : settingsOf(record));

/**
 * Open Mean of Runs: the user picks inspected runs; beforehand, those are picked that differ only in the seed from the
 * run that it is called on, or from most others. Another extension may pass the runs.
 */
export const openRunMeans =
  (services: Services) =>
  async (argument?: RunArgument | readonly { readonly run: string }[]): Promise<void> => {
    const { runs, panels } = services;
    if (isList(argument)) {
      const named = await Promise.all(argument.map((one) => chooseRun(services, one)));
      panels.show(
        'runMeans',
        named.flatMap((run) => (run === undefined ? [] : [subjectOf(run)])),
      );
      return;
    }
    const inspected = (await runs.all()).filter(
      ({ record, analysed }) => record !== null && analysed.length > 0,
    );
    if (inspected.length < 2) {
      void showInformation(
        l10n.t(
          'A mean needs two inspected runs. To get another run, change the seed of the experiment and train it.',
        ),
      );
      return;
    }
    const called = argument === undefined ? undefined : await chooseRun(services, argument);
    const settings = called === undefined ? commonest(inspected) : keyOf(called);
    const picked = await pickSeveral(
      inspected.map(runChoice),
      {
        placeHolder: l10n.t('Choose the runs to show the mean of'),
        matchOnDescription: true,
        matchOnDetail: true,
      },
      ({ run }) => keyOf(run) === settings,
    );
    if (picked === undefined) return;
    if (picked.length < 2) {
      void showInformation(l10n.t('Choose at least two runs to show their mean.'));
      return;
    }
    panels.show(
      'runMeans',
      picked.map(({ run }) => subjectOf(run)),
    );
  };

const isList = (argument: unknown): argument is readonly { readonly run: string }[] =>
  Array.isArray(argument);
