import { basename } from 'node:path';
import { commands, l10n, type Uri, workspace } from 'vscode';
import type { Experiment } from '../../src/experiment/index.ts';
import type { TrainParams } from '../../src/protocol/messages.ts';
import { computingOf } from '../engine/computing.ts';
import { at, exists } from '../runs/files.ts';
import { readMetrics } from '../runs/readMetrics.ts';
import { isResumable, RUNS_FOLDER, type RunEntry } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { showInformation, showWarning } from '../shown/messages.ts';
import { pickFrom } from '../shown/quickPick.ts';
import { completeStep } from '../tour.ts';
import { chooseExperiment } from './chooseExperiment.ts';
import { inspectRun, offerResults } from './inspect.ts';

/** Setting: epochs between two inspections during training; `auto` is about eight in all. */
const inspectEvery = (): number | null => {
  const value = workspace
    .getConfiguration('pentimento')
    .get<number | null>('training.inspectEveryEpochs', null);
  return typeof value === 'number' ? value : null;
};

/** Trains in the engine, follows it in the side panel, and inspects the result. */
export const runTraining = async (
  services: Services,
  file: Uri | null,
  folder: Uri,
  resume: boolean,
): Promise<void> => {
  const { trainings, context, runs } = services;
  if (trainings.isRunning) {
    void showWarning(
      l10n.t(
        '{0} is still training. Cancel it first, or wait until it finishes.',
        trainings.current?.name ?? '',
      ),
    );
    return;
  }
  const params: TrainParams = {
    file: file?.fsPath ?? null,
    folder: folder.fsPath,
    resume,
    inspectEvery: inspectEvery(),
    ...computingOf(context),
  };
  const name = basename(folder.fsPath);
  const earlier = resume ? await readMetrics(folder) : [];
  if (file !== null) services.diagnostics.clearFaults(file);
  void commands.executeCommand('pentimento.trainingView.focus');
  const { outcome } = await trainings.run(params, name, earlier);
  runs.refresh();
  if (outcome === 'cancelled') {
    offerResume(services, folder, name);
    return;
  }
  completeStep('train');
  if (!workspace.getConfiguration('pentimento').get('training.inspectWhenFinished', true)) return;
  if (await inspectRun(services, { uri: folder, name }, 'last')) {
    void offerResults(services, { uri: folder, name }, 'last');
  }
};

const offerResume = (services: Services, folder: Uri, name: string): void => {
  const resume = l10n.t('Resume');
  void showInformation(l10n.t('The training of {0} was cancelled; its state is saved.', name), resume).then(
    (answer) => {
      if (answer === resume) void commands.executeCommand('pentimento.resume', folder);
    },
  );
  services.log.info(`${name}: cancelled`);
};

/** The folder of a new run: named like the experiment and its seed, with a number if that is taken. */
const newFolder = async (workspaceFolder: Uri, { name, seed }: Experiment): Promise<Uri> => {
  for (let copy = 1; ; copy++) {
    const folder = at(workspaceFolder, `${RUNS_FOLDER}/${name}-seed${seed}${copy === 1 ? '' : `-${copy}`}`);
    if (!(await exists(folder))) return folder;
  }
};

/** An unfinished training of this experiment that the user prefers to resume. */
const toResume = async ({ runs }: Services, { name }: Experiment): Promise<RunEntry | 'new' | undefined> => {
  const unfinished = (await runs.all()).find((run) => run.record?.name === name && isResumable(run));
  if (unfinished === undefined) return 'new';
  const resume = l10n.t('Resume {0}', unfinished.name);
  const newRun = l10n.t('Start a new run');
  const answer = await pickFrom(
    [
      { label: resume, run: unfinished },
      { label: newRun, run: 'new' as const },
    ],
    { placeHolder: l10n.t('This experiment has an unfinished training') },
  );
  return answer?.run;
};

/** Train: the experiment from the editor, the CodeLens or a picker, into a new folder. */
export const train =
  (services: Services) =>
  async (argument?: Uri): Promise<void> => {
    const chosen = await chooseExperiment(services, argument);
    if (chosen === undefined) return;
    const { file, experiment, folder: workspaceFolder } = chosen;
    const existing = await toResume(services, experiment);
    if (existing === undefined) return;
    if (existing === 'new') {
      await runTraining(services, file, await newFolder(workspaceFolder, experiment), false);
    } else await runTraining(services, file, existing.uri, true);
  };
