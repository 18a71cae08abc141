import { commands, l10n, Uri } from 'vscode';
import { formatCount } from '../../src/protocol/messages.ts';
import { isUnfinished, type RunEntry } from '../runs/runLibrary.ts';
import { stateLabel } from '../runs/stateLabel.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { type Choice, pickFrom } from '../shown/quickPick.ts';
import { selectedWords } from '../views/runItems.ts';
import type { RunNode } from '../views/runsTree.ts';

/** What a command may be called with: from the tree, a CodeLens or panel (a URI), a task or another extension. */
export type RunArgument = RunNode | Uri | { readonly run: string } | undefined;

const uriOf = (argument: RunArgument): Uri | undefined => {
  if (argument === undefined || argument === null) return undefined;
  if (argument instanceof Uri) return argument;
  if ('kind' in argument) return 'run' in argument ? argument.run.uri : undefined;
  return 'run' in argument && typeof argument.run === 'string' ? Uri.parse(argument.run) : undefined;
};

/** A run in a list to choose from. */
export const runChoice = (run: RunEntry): Choice & { readonly run: RunEntry } => ({
  label: run.name,
  description: (run.record ?? run.inspection)?.created.slice(0, 16).replace('T', ' '),
  detail: [
    ...(run.record === null
      ? []
      : [
          l10n.t('seed {0}', String(run.record.seed)),
          l10n.t('{0} parameters', formatCount(run.record.parameters)),
        ]),
    ...(isUnfinished(run) ? [l10n.t('training not finished')] : []),
    ...(run.inspection === null ? [] : [l10n.t('inspection')]),
    ...(run.analysed.includes('last') ? [] : [l10n.t('not inspected')]),
    ...run.selections.map(selectedWords),
    ...(run.note === '' ? [] : [run.note]),
  ].join(' · '),
  run,
});

/** The run for a command: the one it was called on, the only existing one, or the one that the user picks. */
export const chooseRun = async (
  { runs }: Services,
  argument: RunArgument,
  suits: (run: RunEntry) => boolean = ({ record }) => record !== null,
): Promise<RunEntry | undefined> => {
  const named = uriOf(argument);
  if (named !== undefined) {
    const run = await runs.read(named);
    if (run.fault) throw run.fault;
    return run;
  }
  const all = (await runs.all()).filter(suits);
  if (all.length === 0) {
    await offerExperiment();
    return undefined;
  }
  if (all.length === 1) return all[0];
  const picked = await pickFrom(all.map(runChoice), {
    placeHolder: l10n.t('Choose a run'),
    matchOnDescription: true,
  });
  return picked?.run;
};

const offerExperiment = async (): Promise<void> => {
  const create = l10n.t('New Experiment');
  const answer = await showInformation(
    l10n.t('This workspace has no run for this command. Train an experiment first.'),
    create,
  );
  if (answer === create) await commands.executeCommand('pentimento.newExperiment');
};

/** The state that a command was called on; else the newest. */
export const stateOf = (argument: RunArgument): string =>
  argument !== undefined && argument !== null && 'kind' in argument && 'state' in argument
    ? argument.state
    : 'last';

export interface StateChoice extends Choice {
  readonly run: RunEntry;
  readonly state: string;
}

/** Every analysed state of every run, newest state first. */
export const analysedChoices = (runs: readonly RunEntry[]): StateChoice[] =>
  runs.flatMap((run) =>
    [...run.analysed].reverse().map((state) => ({
      label: run.name,
      description: stateLabel(state),
      run,
      state,
    })),
  );
