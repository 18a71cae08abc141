import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type DataSet, type LabelledSet, loadSplit } from '../data/index.ts';
import { readFault, writeAtomically } from '../disk/index.ts';
import { parseDataSpec } from '../experiment/index.ts';
import { embed, embedSet, recordSource } from '../handover/index.ts';
import { inputFault, type OnProgress } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { reopenInspected, runSource, type Source } from '../sources/index.ts';
import { InspectionFolder, openAnalysed } from '../store/index.ts';
import { openTrainedRun, type TrainedRun } from '../train/index.ts';
import type { Computing } from './options.ts';
import { print, withProgress } from './terminal.ts';

export interface EmbedOptions extends Computing {
  readonly layer?: string;
  readonly data?: string;
  readonly allLayers?: boolean;
  readonly out: string;
  readonly state: string;
}

const NO_DATA = {
  what: 'is neither a split of the run nor an existing file',
  remedy:
    'Give train, validation, test, the name of a shift, or a data description such as /data of an experiment file (JSON, or the path of a JSON file)',
};

/** A data description as JSON, inline or in a file; relative paths are resolved against that file's folder. */
async function describedData(spec: string, seed: number): Promise<DataSet> {
  const inline = spec.trimStart().startsWith('{');
  const text = inline
    ? spec
    : await readFile(spec, 'utf8').catch((error: unknown) => {
        throw readFault(`--data ${spec}`, error, { missing: NO_DATA });
      });
  const description = parseDataSpec(text, inline ? '--data' : spec);
  return loadSplit(description, inline ? process.cwd() : resolve(dirname(spec)), seed, 'test');
}

function dataSetOf({ data, experiment }: TrainedRun, spec: string): Promise<DataSet> | DataSet {
  return (
    [data.train, data.validation, data.test, ...data.shifts].find((each) => each?.name === spec) ??
    describedData(spec, experiment.seed)
  );
}

export async function embedCommand(folder: string, options: EmbedOptions): Promise<void> {
  const { layer, data, allLayers = false } = options;
  if (allLayers ? layer !== undefined || data !== undefined : layer === undefined || data === undefined) {
    throw inputFault(
      allLayers ? 'takes every layer and split' : 'a layer and data are needed',
      allLayers ? '--all-layers' : 'embed',
      'Give --layer and --data, or --all-layers alone',
    );
  }
  const found = await openAnalysed(folder);
  if (found instanceof InspectionFolder) return embedInspected(found, options);
  return allLayers ? embedAll(folder, options) : embedLayer(folder, options as LayerOptions);
}

/** A recording of the run, for `inspect`. */
async function embedAll(folder: string, options: EmbedOptions): Promise<void> {
  const trained = await openTrainedRun(folder, options.state);
  const backend = await openBackend(options.backend, { threads: options.threads });
  const source = runSource(trained, trained.state, backend);
  await writeRecording(source, `${trained.experiment.name}, ${options.state}`, options);
}

async function writeRecording(source: Source, model: string, { out, json }: EmbedOptions): Promise<void> {
  const { bytes, samples, layers } = await withProgress(json, (onProgress, signal) =>
    recordSource(source, { model, onProgress, signal }),
  );
  await writeAtomically(out, bytes);
  await print(
    json,
    () => ({ file: out, layers, samples }),
    () => [`${out}: ${samples} samples at ${layers.length} layers`],
  );
}

/** Of a model or a recording that was inspected; of a model also other data than it was inspected with. */
async function embedInspected(found: InspectionFolder, options: EmbedOptions): Promise<void> {
  const { layer, data, threads } = options;
  const record = await found.readRecord();
  const own = await reopenInspected(record, found.folder, { threads, isWhole: true });
  try {
    const { source, all, asked } = own;
    if (layer === undefined) return await writeRecording(source, asked.name, options);
    const { train, validation, test, shifts } = source.splits;
    const set = [all, train, validation, test, ...shifts].find((each) => each?.name === data);
    if (set)
      return await writeEmbedded(set, layer, options, (watched) =>
        embedSet({ source, layer, set, ...watched }),
      );
  } finally {
    await own.close();
  }
  const other = await reopenInspected(record, found.folder, { threads, data, isWhole: true });
  try {
    const { source, all } = other;
    await writeEmbedded(all, layer, options, (watched) => embedSet({ source, layer, set: all, ...watched }));
  } finally {
    await other.close();
  }
}

type LayerOptions = EmbedOptions & { readonly layer: string; readonly data: string };

async function embedLayer(folder: string, options: LayerOptions): Promise<void> {
  const trained = await openTrainedRun(folder, options.state);
  const dataSet = await dataSetOf(trained, options.data);
  const backend = await openBackend(options.backend, { threads: options.threads });
  const { layer } = options;
  await writeEmbedded(dataSet, layer, options, (watched) =>
    embed({ trained, layer, dataSet, backend, ...watched }),
  );
}

interface Watched {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

async function writeEmbedded(
  set: LabelledSet,
  layer: string,
  { out, json }: EmbedOptions,
  work: (watched: Watched) => ReturnType<typeof embed>,
): Promise<void> {
  const { samples, dimensions } = await withProgress(json, async (onProgress, signal) => {
    const embedded = await work({ onProgress, signal });
    await writeAtomically(out, embedded.contents);
    return embedded;
  });
  const factors = set.factors.map(({ name }) => name);
  await print(
    json,
    () => ({ file: out, layer, samples, dimensions, factors }),
    () => {
      const beside = factors.length === 0 ? '' : `, with ${factors.join(', ')}`;
      return [`${out}: ${samples} x ${dimensions} representations at ${layer}${beside}`];
    },
  );
}
