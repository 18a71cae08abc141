import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type DataSet, loadSplit } from '../data/index.ts';
import { readFault, writeAtomically } from '../disk/index.ts';
import { parseDataSpec } from '../experiment/index.ts';
import { embed, recordSource } from '../handover/index.ts';
import { inputFault } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { runSource } from '../sources/index.ts';
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
  if (allLayers && layer === undefined && data === undefined) return embedAll(folder, options);
  if (allLayers || layer === undefined || data === undefined) {
    throw inputFault(
      allLayers ? 'takes every layer and split' : 'a layer and data are needed',
      allLayers ? '--all-layers' : 'embed',
      'Give --layer and --data, or --all-layers alone',
    );
  }
  return embedLayer(folder, { ...options, layer, data });
}

/** A recording of the run, for `inspect`. */
async function embedAll(folder: string, options: EmbedOptions): Promise<void> {
  const { out, state, json } = options;
  const trained = await openTrainedRun(folder, state);
  const backend = await openBackend(options.backend, { threads: options.threads });
  const source = runSource(trained, trained.state, backend);
  const { bytes, samples, layers } = await withProgress(json, (onProgress, signal) =>
    recordSource(source, { model: `${trained.experiment.name}, ${state}`, onProgress, signal }),
  );
  await writeAtomically(out, bytes);
  await print(
    json,
    () => ({ file: out, layers, samples }),
    () => [`${out}: ${samples} samples at ${layers.length} layers`],
  );
}

type LayerOptions = EmbedOptions & { readonly layer: string; readonly data: string };

async function embedLayer(folder: string, options: LayerOptions): Promise<void> {
  const trained = await openTrainedRun(folder, options.state);
  const dataSet = await dataSetOf(trained, options.data);
  const backend = await openBackend(options.backend, { threads: options.threads });
  const { layer, out } = options;
  const { bytes, samples, dimensions } = await withProgress(options.json, (onProgress, signal) =>
    embed({ trained, layer, dataSet, backend, onProgress, signal }),
  );
  await writeAtomically(out, bytes);
  const factors = dataSet.factors.map(({ name }) => name);
  await print(
    options.json,
    () => ({ file: out, layer, samples, dimensions, factors }),
    () => {
      const beside = factors.length === 0 ? '' : `, with ${factors.join(', ')}`;
      return [`${out}: ${samples} x ${dimensions} representations at ${layer}${beside}`];
    },
  );
}
