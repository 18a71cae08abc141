import { stat } from 'node:fs/promises';
import { recommend, recommendAll } from '../choose/index.ts';
import { writeAtomically } from '../disk/index.ts';
import { loadExperiment, located } from '../experiment/index.ts';
import { cardPathOf, embed, embedSet, exportFrom, fitFrom, reportOf } from '../handover/index.ts';
import { inspectInto } from '../inspect/index.ts';
import { type EngineJobs, inputFault, type OnProgress } from '../protocol/index.ts';
import { reopenInspected, runSource } from '../sources/index.ts';
import { InspectionFolder, openAnalysed } from '../store/index.ts';
import { openTrainedRun } from '../train/index.ts';
import { backendOf } from './computing.ts';
import type { JobHandler } from './connection.ts';

/** Analyses a run at a state, with the questions of an experiment file if one is named. */
export const inspectJob: JobHandler<'inspect'> = async (params, { signal, report }) => {
  const { folder, state, experiment: file } = params;
  const started = performance.now();
  const questions = file === undefined ? undefined : await loadExperiment(file);
  const open = () => openTrainedRun(folder, state, questions);
  const trained = await (file === undefined ? open() : located(file, questions!, open));
  const backend = await backendOf(params);
  const { layers } = await inspectInto({
    into: trained.run,
    source: runSource(trained, trained.state, backend),
    asked: trained.experiment,
    state,
    backend,
    recommend: recommendAll,
    onProgress: report,
    signal,
  });
  const tasks = [...new Set(layers.flatMap(({ probes }) => probes.map(({ task }) => task)))];
  return { layers: layers.length, tasks, seconds: (performance.now() - started) / 1000 };
};

/** The layer to keep, from the existing analysis. */
export const recommendJob: JobHandler<'recommend'> = async ({ folder, state, ...question }) => {
  const run = await openAnalysed(folder);
  return recommend(await run.readAnalysis(state), question);
};

/** Writes the report of a run at a state, or of an inspection: one HTML page. */
export const reportJob: JobHandler<'report'> = async ({ folder, state, file }) => {
  const run = await openAnalysed(folder);
  const analysis = await run.readAnalysis(state);
  const page = await reportOf(run, analysis, recommendAll(analysis));
  await writeAtomically(file, page);
  return { bytes: Buffer.byteLength(page) };
};

/** Writes the model up to a layer of a run, or of a model that was inspected, as ONNX. */
export const exportJob: JobHandler<'exportLayer'> = async ({ folder, state, layer, file, threads }) => {
  const exported = await exportFrom(folder, { layer, state, ...(threads > 0 ? { threads } : {}) });
  const { model, inputs, dimensions } = exported;
  await writeAtomically(file, model);
  const given = inputs.map(({ shape }) => shape.join(' x ')).join(', ');
  return { bytes: model.length, shape: `${given} -> ${inputs[0].shape[0]} x ${dimensions}` };
};

/** Fits the final head of a task on a layer, and writes the model with it and its card. */
export const fitJob: JobHandler<'fit'> = async (params, { signal, report }) => {
  const { folder, state, layer, task, file, threads } = params;
  const { head, headed, cardOf } = await fitFrom(folder, {
    task,
    layer,
    state,
    backend: await backendOf(params),
    ...(threads > 0 ? { threads } : {}),
    onProgress: report,
    signal,
  });
  const card = cardPathOf(file);
  await writeAtomically(file, headed.model);
  await writeAtomically(card, cardOf(file));
  return { bytes: headed.model.length, card, score: head.evaluations[0]?.accuracy ?? null };
};

/** Writes the representations of a split at a layer as an npz archive. */
export const embedJob: JobHandler<'embed'> = async (params, { signal, report }) => {
  const { folder, file } = params;
  const found = await openAnalysed(folder);
  const watched = { signal, onProgress: report };
  const { samples, dimensions } = await (found instanceof InspectionFolder
    ? embedInspected(found, params, watched)
    : embedRun(params, watched));
  const { size } = await stat(file);
  return { bytes: size, shape: `${samples} x ${dimensions}` };
};
type EmbedParams = EngineJobs['embed']['params'];

interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

const embedRun = async (params: EmbedParams, watched: Watched) => {
  const { folder, state, layer, split, file } = params;
  const trained = await openTrainedRun(folder, state);
  const dataSet = trained.data[split];
  if (dataSet.size === 0) {
    throw inputFault('population data has no samples to embed', folder, 'Choose a run on sampled data');
  }
  const embedded = await embed({ trained, layer, dataSet, backend: await backendOf(params), ...watched });
  await writeAtomically(file, embedded.contents);
  return embedded;
};

const embedInspected = async (
  found: InspectionFolder,
  { folder, layer, split, file }: EmbedParams,
  watched: Watched,
) => {
  const { source, close } = await reopenInspected(await found.readRecord(), folder, { isWhole: true });
  try {
    const embedded = await embedSet({ source, layer, set: source.splits[split], ...watched });
    await writeAtomically(file, embedded.contents);
    return embedded;
  } finally {
    await close();
  }
};
