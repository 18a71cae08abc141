import { env, l10n, UIKind, Uri, workspace } from 'vscode';
import { formatBytes, formatPercent, type HandOverResult, inputFault } from '../../src/protocol/messages.ts';
import { computingOf } from '../engine/computing.ts';
import { at, refuseLeadingOut } from '../runs/files.ts';
import { readAnalysis } from '../runs/readRun.ts';
import { type RunEntry, subjectOf } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { askWhereToSave } from '../shown/dialogs.ts';
import { showInformation } from '../shown/messages.ts';
import { withProgress } from '../shown/progress.ts';
import { pickFrom } from '../shown/quickPick.ts';
import { sayBriefly } from '../shown/statusBar.ts';
import type { RunNode } from '../views/runsTree.ts';
import { chooseRun, type RunArgument, stateOf } from './chooseRun.ts';
import { cutModelCode, exportedName, layerCode } from './layerCode.ts';

/** The layer for a command, and where to write if a task specifies it. */
export type LayerArgument =
  | RunNode
  | { readonly run: string; readonly layer?: string; readonly file?: string; readonly task?: string }
  | undefined;

interface Chosen {
  readonly run: RunEntry;
  readonly layer: string;
}

/** The layer that it was called on; else one selected in the run. @param takes whether a recording will do, which has no model. */
const chosenLayer = async (
  services: Services,
  argument: LayerArgument,
  takes: 'models' | 'everything',
): Promise<Chosen | undefined> => {
  const named = argument && 'layer' in argument ? argument.layer : undefined;
  const isTaken = (entry: RunEntry) => takes === 'everything' || subjectOf(entry) !== 'recording';
  const suits = (entry: RunEntry) => isTaken(entry) && (named !== undefined || entry.selections.length > 0);
  const run = await chooseRun(services, argument as RunArgument, suits);
  if (run === undefined) return undefined;
  if (!isTaken(run)) {
    throw inputFault(
      'is about a recording, which has no model to export',
      run.name,
      'Export its embeddings, or the layer in the framework of the model',
    );
  }
  if (named !== undefined) return { run, layer: named };
  if (run.selections.length > 0) {
    const { selectionOf } = await import('./showSelectedLayer.ts');
    const selection = await selectionOf(run);
    return selection && { run, layer: selection.layer };
  }
  const { chooseLayer } = await import('./chooseLayer.ts');
  const picked = await chooseLayer(services)(run.uri);
  return picked === undefined ? undefined : { run, layer: picked };
};

/** The file to write: the one that a task names, else one that the user chooses. */
const chooseFile = async (
  argument: RunArgument | LayerArgument,
  run: RunEntry,
  name: string,
): Promise<Uri | undefined> => {
  if (argument && 'file' in argument && typeof argument.file === 'string') return Uri.file(argument.file);
  // Next to what the user works on: the run folder holds what Pentimento writes.
  const folder = workspace.getWorkspaceFolder(run.uri)?.uri ?? Uri.joinPath(run.uri, '..');
  return askWhereToSave({ defaultUri: at(folder, name), ending: name.slice(name.lastIndexOf('.') + 1) });
};

/** What Export Layer and Export Embeddings write for a layer. */
const fileOfLayer = (argument: LayerArgument, { run, layer }: Chosen, ending: 'onnx' | 'npz') =>
  chooseFile(argument, run, exportedName(run.name, layer, ending));

const written = (file: Uri, { bytes, shape }: HandOverResult): void => {
  void showInformation(
    l10n.t('Wrote {0} ({1}): {2}', workspace.asRelativePath(file), formatBytes(bytes), shape),
  );
};

/** Export Layer as ONNX: the model up to the layer, preprocessing inside. */
export const exportLayer =
  (services: Services) =>
  async (argument?: LayerArgument): Promise<string | undefined> => {
    const chosen = await chosenLayer(services, argument, 'models');
    const file = chosen && (await fileOfLayer(argument, chosen, 'onnx'));
    if (chosen === undefined || file === undefined) return undefined;
    await refuseLeadingOut(file);
    const { engine, context } = services;
    const result = await withProgress(l10n.t('Exporting {0}', chosen.layer), (_, token) =>
      engine.run(
        'exportLayer',
        {
          folder: chosen.run.uri.fsPath,
          state: 'last',
          layer: chosen.layer,
          file: file.fsPath,
          ...computingOf(context),
        },
        { token },
      ),
    );
    written(file, result);
    return file.fsPath;
  };

/** Export Classifier: the final classifier of a task, fitted on the layer, behind the model up to it; with a model card. */
export const exportClassifier =
  (services: Services) =>
  async (argument?: LayerArgument): Promise<string | undefined> => {
    const chosen = await chosenLayer(services, argument, 'everything');
    if (chosen === undefined) return undefined;
    const { run, layer } = chosen;
    const { chooseTask, tasksOf } = await import('./chooseLayer.ts');
    const analysis = await readAnalysis(run.uri, 'last');
    if (tasksOf(analysis).length === 0) {
      throw inputFault(
        'has no downstream task to fit a classifier for',
        run.name,
        'Add one and inspect it again',
      );
    }
    const asked = argument && 'task' in argument ? argument.task : undefined;
    const task = await chooseTask(analysis, asked, l10n.t('Choose the downstream task of the classifier'));
    const name = task && exportedName(run.name, `${layer}-${task}`, 'onnx');
    const file = name && (await chooseFile(argument, run, name));
    if (task === undefined || file === undefined || file === '') return undefined;
    await refuseLeadingOut(file);
    const { engine, context } = services;
    const params = {
      folder: run.uri.fsPath,
      state: 'last',
      layer,
      task,
      file: file.fsPath,
      ...computingOf(context),
    };
    const { bytes, score } = await withProgress(
      l10n.t('Fitting {0} on {1}', task, layer),
      (progress, token) =>
        engine.run('fit', params, { token, onProgress: ({ message }) => progress.report({ message }) }),
    );
    const where = workspace.asRelativePath(file);
    void showInformation(
      score === null
        ? l10n.t('Wrote {0} ({1}), and a model card', where, formatBytes(bytes))
        : l10n.t(
            'Wrote {0} ({1}), and a model card: {2} on test',
            where,
            formatBytes(bytes),
            formatPercent(score),
          ),
    );
    return file.fsPath;
  };

/** Export Embeddings: the representations of a split at the layer, with the factors, as .npz. */
export const exportEmbeddings =
  (services: Services) =>
  async (argument?: LayerArgument): Promise<string | undefined> => {
    const chosen = await chosenLayer(services, argument, 'everything');
    if (chosen === undefined) return undefined;
    const preset = argument && 'file' in argument ? 'test' : undefined;
    const split =
      preset ??
      (await pickFrom([{ label: 'test' }, { label: 'train' }], { placeHolder: l10n.t('Choose a split') }))
        ?.label;
    const file = split && (await fileOfLayer(argument, chosen, 'npz'));
    if (split === undefined || file === undefined || file === '') return undefined;
    await refuseLeadingOut(file);
    const { engine, context } = services;
    const result = await withProgress(
      l10n.t('Computing embeddings at {0}', chosen.layer),
      (progress, token) =>
        engine.run(
          'embed',
          {
            folder: chosen.run.uri.fsPath,
            state: 'last',
            layer: chosen.layer,
            file: file.fsPath,
            split: split as 'train' | 'test',
            ...computingOf(context),
          },
          { token, onProgress: ({ message }) => progress.report({ message }) },
        ),
    );
    written(file, result);
    return file.fsPath;
  };

/** Export Report: one HTML page with every figure of an inspected run, which needs nothing beside it. */
export const exportReport =
  (services: Services) =>
  async (argument?: RunArgument): Promise<string | undefined> => {
    const run = await chooseRun(services, argument, ({ analysed }) => analysed.length > 0);
    const file = run && (await chooseFile(argument, run, `${run.name}-report.html`));
    if (run === undefined || file === undefined) return undefined;
    await refuseLeadingOut(file);
    const named = stateOf(argument);
    const state = run.analysed.includes(named) ? named : (run.analysed.at(-1) ?? 'last');
    await withProgress(l10n.t('Exporting the report of {0}', run.name), (_, token) =>
      services.engine.run('report', { folder: run.uri.fsPath, state, file: file.fsPath }, { token }),
    );
    const open = l10n.t('Open in Browser');
    // A browser on another machine cannot read the file.
    const canOpen = env.uiKind === UIKind.Desktop && env.remoteName === undefined;
    const line = l10n.t('Wrote {0}', workspace.asRelativePath(file));
    const asked = canOpen ? showInformation(line, open) : showInformation(line);
    void asked.then((answer) => {
      if (answer === open) void env.openExternal(file);
    });
    return file.fsPath;
  };

/** Copy Code for Layer: a snippet that runs the exported layer, or that records the layer of a recording in its framework. */
export const copyLayerCode =
  (services: Services) =>
  async (argument?: LayerArgument): Promise<void> => {
    const chosen = await chosenLayer(services, argument, 'everything');
    if (chosen === undefined) return;
    const { layer } = chosen;
    const code = await codeFor(services, chosen);
    if (code === undefined) return;
    await env.clipboard.writeText(code);
    sayBriefly(l10n.t('Code for {0} copied', layer));
  };

const codeFor = async (services: Services, { run, layer }: Chosen): Promise<string | undefined> => {
  const subject = subjectOf(run);
  if (subject === 'run') return layerCode(run.name, layer);
  if (subject === 'model') return cutModelCode(run.name, layer);
  const { codeOfRecordedLayer } = await import('./recordingCode.ts');
  return codeOfRecordedLayer(services, layer);
};
