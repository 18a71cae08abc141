import { basename } from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { checkInspection, type InspectionSpec } from '../../src/experiment/index.ts';
import { EXPERIMENT_LIMIT, type InspectionFileResult, inputFault } from '../../src/protocol/messages.ts';
import { computingOf } from '../engine/computing.ts';
import { at, readText, writeWhole } from '../runs/files.ts';
import { INSPECTIONS_FOLDER } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { askForFile, askForFolder } from '../shown/dialogs.ts';
import { showInformation } from '../shown/messages.ts';
import { withProgress } from '../shown/progress.ts';
import { type Choice, pickFrom, pickSeveral } from '../shown/quickPick.ts';
import { pickCheckpoint } from './checkpoints.ts';
import { inspectWith, offerResults } from './inspect.ts';
import { type SoundDocument, soundDocument } from './soundDocument.ts';

/** What a task or another extension asks for, without questions. */
interface Question {
  /** A recording, an ONNX model, or an inspection file. */
  readonly file: string;
  /** Of a model: a folder of images, or a file of arrays. */
  readonly data?: string;
}

type Argument = Uri | Question | undefined;

const isInspectionFile = ({ path }: Uri): boolean => path.endsWith('.inspection.json');
const isModel = ({ path }: Uri): boolean => /\.onnx$/i.test(path);

/**
 * Inspect Representations: of a recording or of an ONNX model with data. Ends in the inspection file that says what is asked, and in
 * its results. Returns the folder of the results.
 */
export const inspectRepresentations =
  (services: Services) =>
  async (argument?: Argument): Promise<string | undefined> => {
    const question = argument instanceof Uri || argument === undefined ? null : argument;
    const chosen =
      question === null ? await chosenUri(services, argument as Uri | undefined) : Uri.file(question.file);
    if (chosen === undefined) return undefined;
    if (isInspectionFile(chosen)) return inspectAsked(services, chosen);
    if (chosen.scheme !== 'file') {
      throw inputFault('is not on a disk', workspace.asRelativePath(chosen), 'Copy it to a folder on a disk');
    }
    const data = question === null ? await askForData(chosen) : (question.data ?? null);
    if (data === undefined) return undefined;
    const found = await inspectionFile(services, chosen, data);
    if (found === undefined) return undefined;
    const file = Uri.file(found.file);
    if (question !== null) return inspectAsked(services, file);
    if (!(await narrowed(file, found.written))) return undefined;
    await window.showTextDocument(await workspace.openTextDocument(file));
    return (await isWanted(file, found)) ? inspectAsked(services, file) : undefined;
  };

/** What it was called on, the inspection file in the editor, or a file that the user picks. */
const chosenUri = async (services: Services, argument: Uri | undefined): Promise<Uri | undefined> => {
  if (argument !== undefined) return argument;
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isInspectionFile(active)) return active;
  return pickCheckpoint(
    services,
    l10n.t('Inspect the representations of a recording, or of an ONNX model with data'),
  );
};

/** Null for a recording; undefined when the user does not answer. */
const askForData = async (chosen: Uri): Promise<string | null | undefined> => {
  if (!isModel(chosen)) return null;
  const images: Choice = {
    icon: 'file-media',
    label: l10n.t('A Folder of Images…'),
    detail: l10n.t('split/class/image, class/image, or images alone'),
  };
  const arrays: Choice = {
    icon: 'symbol-array',
    label: l10n.t('A File of Arrays…'),
    detail: l10n.t('.npz, .safetensors, .h5 or .parquet, with the names of the inputs'),
  };
  const texts: Choice = {
    icon: 'symbol-text',
    label: l10n.t('A Table of Texts…'),
    detail: l10n.t('.csv, .tsv or .jsonl, with the tokenizer.json beside the model'),
  };
  const title = l10n.t('Data for {0}', basename(chosen.path));
  const answer = await pickFrom([images, texts, arrays], {
    title,
    placeHolder: l10n.t('What the model is run on'),
  });
  if (answer === undefined) return undefined;
  return (await (answer === images ? askForFolder(title) : askForFile(title)))?.fsPath;
};

/** Undefined when it was cancelled. */
const inspectionFile = ({ engine, context }: Services, chosen: Uri, data: string | null) =>
  withProgress(l10n.t('Reading {0}', basename(chosen.path)), async (_, token) => {
    const params = { path: chosen.fsPath, ...(data === null ? {} : { data }), ...computingOf(context) };
    return engine.run('inspectionFile', params, { token }).catch((error: unknown) => {
      if (token.isCancellationRequested) return undefined;
      throw error;
    });
  });

const INSPECTION = {
  limit: EXPERIMENT_LIMIT,
  missing: { what: 'there is no such file', remedy: 'Run the command again' },
  remedy: 'Choose an inspection file',
};

/** Lets the user take some of the layers and tasks of a new file; false when the lists were closed. */
const narrowed = async (file: Uri, written: InspectionFileResult['written']): Promise<boolean> => {
  if (written === null) return true;
  const layers = await some(written.layers, l10n.t('Layers to inspect'));
  const tasks = layers && (await some(written.tasks, l10n.t('Labels to predict from each layer')));
  if (layers === undefined || tasks === undefined) return false;
  if (layers.length === written.layers.length && tasks.length === written.tasks.length) return true;
  const spec = JSON.parse(await readText(file, INSPECTION)) as InspectionSpec;
  const downstream = spec.downstream.filter(({ name }) => tasks.includes(name));
  await writeWhole(file, `${JSON.stringify({ ...spec, layers, downstream }, null, 2)}\n`);
  return true;
};

/** Those of a list that the user picks, all of them beforehand. A list of one is not asked about. */
const some = async (names: readonly string[], title: string): Promise<readonly string[] | undefined> => {
  if (names.length < 2) return names;
  const choices = names.map((label) => ({ label }));
  return (await pickSeveral(choices, { title }, () => true))?.map(({ label }) => label);
};

const isWanted = async (file: Uri, { written }: InspectionFileResult): Promise<boolean> => {
  const inspect = l10n.t('Inspect');
  const name = basename(file.path);
  const said =
    written === null
      ? l10n.t('{0} says what to inspect. Edit it, or inspect now.', name)
      : l10n.t('Wrote {0} with everything that is assumed. Edit it, or inspect now.', name);
  return (await showInformation(said, inspect)) === inspect;
};

/** Inspects what a file asks; its problems are shown in the file. */
const inspectAsked = async (services: Services, file: Uri): Promise<string | undefined> => {
  const { value, folder } = await openAsked(services, file);
  services.diagnostics.clearFaults(file);
  const results = at(folder, `${INSPECTIONS_FOLDER}/${value.name}`);
  const params = { file: file.fsPath, folder: results.fsPath, ...computingOf(services.context) };
  const isDone = await inspectWith(services, value.name, (options) =>
    services.engine.run('inspectFile', params, options),
  );
  if (!isDone) return undefined;
  void offerResults(services, { uri: results, name: value.name }, 'last');
  return results.fsPath;
};

const openAsked = (services: Services, file: Uri): Promise<SoundDocument<InspectionSpec>> =>
  soundDocument(services, file, {
    check: (text) => {
      const { inspection, problems } = checkInspection(text);
      return { value: inspection, problems };
    },
    words: {
      choose: 'Choose an inspection file',
      folder: 'Open its folder, because results are written there',
      disk: 'Open a folder on a disk, because results are written there',
    },
  });
