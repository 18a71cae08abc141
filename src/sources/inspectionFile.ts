import { access, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readFault, writeAtomically } from '../disk/index.ts';
import { type InspectionSpec, inspectionSchema, loadInspection } from '../experiment/index.ts';
import { Fault, type InspectionFileResult, inputFault } from '../protocol/index.ts';
import { openInspected } from './openInspected.ts';
import { kindOfJson } from './recording/containers/container.ts';

/** Ends the name of an inspection file. */
const ENDING = '.inspection.json';

export interface FileQuestion {
  /** Of a model: what it is run on. */
  readonly data?: string;
  /** Of a model of text, if it is not beside the model. */
  readonly tokenizer?: string;
  readonly threads?: number;
}

/**
 * The inspection file of a recording or a model: the one beside it, or a new one with what is assumed and a task for every label.
 * @throws Fault (input) for what has to be said, with the key that says it, and for other data than the file names.
 */
export const inspectionFileFor = async (
  path: string,
  question: FileQuestion,
): Promise<InspectionFileResult> => {
  const { data } = question;
  const name = nameOf(resolve(path));
  const file = join(dirname(path), `${name}${ENDING}`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) {
    if (data !== undefined) await checkData(file, data);
    return { file, written: null };
  }
  const plain = inspectionSchema.parse({ name, ...(await inspected(path, question)) });
  const baseDirectory = dirname(path);
  const opened = await openInspected(plain, { ...question, baseDirectory }).catch((error: unknown) => {
    throw withFile(error, file, plain);
  });
  const { labels, seed, source, found, assumed } = opened;
  await opened.close();
  const { name: _, recording, model, data: run, ...defaults } = plain;
  const layers = source.layers.map((layer) => layer.name);
  const spec: Partial<InspectionSpec> = {
    name,
    ...(recording === undefined ? { model, data: run } : { recording }),
    ...found,
    ...defaults,
    seed: seed ?? plain.seed,
    layers,
    downstream: labels.map((label) => ({ name: label, factor: label })),
  };
  await writeAtomically(file, `${JSON.stringify(spec, null, 2)}\n`);
  return { file, written: { layers, tasks: labels, assumed } };
};

/** The part of an inspection file that names what is inspected. */
const inspected = async (
  path: string,
  { data, tokenizer }: FileQuestion,
): Promise<Pick<InspectionSpec, 'recording' | 'model'> & { readonly data?: object }> => {
  const own = basename(path);
  const isJson = /\.json$/i.test(path);
  const isModel =
    /\.onnx$/i.test(path) || (isJson && (data !== undefined || (await kindOfJson(path)) === 'model'));
  if (data === undefined && !isModel) return { recording: own };
  if (data === undefined) {
    throw inputFault(
      'is a model, whose layers are read for some data',
      path,
      'Add --data with a folder of images, a table of texts (.csv, .jsonl), or a file of arrays by the names of its inputs (.npz)',
    );
  }
  if (!isModel)
    throw inputFault(
      'is not a model, which alone takes data: an .onnx file, or the model.json of TensorFlow.js',
      path,
      'Leave --data out',
    );
  const stats = await stat(data).catch((error: unknown) => {
    throw readFault(data, error);
  });
  const inside = (file: string): string =>
    relative(resolve(dirname(path)), resolve(file)).replaceAll('\\', '/') || '.';
  const isText = tokenizer !== undefined || /\.(?:csv|tsv|txt|jsonl?|ndjson)$/i.test(data);
  if (isText && !stats.isDirectory()) {
    const named = tokenizer === undefined ? {} : { tokenizer: inside(tokenizer) };
    return { model: own, data: { kind: 'text', path: inside(data), ...named } };
  }
  return {
    model: own,
    data: { kind: stats.isDirectory() ? 'images' : 'arrays', path: inside(data) },
  };
};

/** @throws Fault (input) if the file that is there names other data than are asked for now. */
const checkData = async (file: string, data: string): Promise<void> => {
  const known = (await loadInspection(file)).data?.path;
  if (known !== undefined && resolve(dirname(file), known) === resolve(data)) return;
  throw inputFault(
    `is there already, with ${known === undefined ? 'no' : 'other'} data`,
    file,
    'Edit or remove it, or leave --data out',
  );
};

/** A fault that a key of the inspection file would decide says which file that is, and what to begin it with. */
const withFile = (error: unknown, file: string, { name, recording }: InspectionSpec): unknown => {
  if (!(error instanceof Fault) || !error.remedy.startsWith('Set "')) return error;
  const begun = JSON.stringify({ name, recording, layout: {} });
  return new Fault(error.kind, error.what, error.where, `${error.remedy}, in ${file}: ${begun}`, {
    cause: error,
  });
};

/** What is inspected, as the name of a folder. A model.json is called as its folder. */
const nameOf = (path: string): string =>
  (basename(path) === 'model.json' ? basename(dirname(path)) : basename(path))
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '') || 'recording';
