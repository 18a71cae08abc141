import { recommendAll } from '../choose/index.ts';
import { inspectFile } from '../inspect/index.ts';
import { inspectionFileFor, summariseRecording } from '../sources/index.ts';
import { versions } from '../train/index.ts';
import { backendOf } from './computing.ts';
import type { JobHandler } from './connection.ts';

/** The inspection file of a recording or a model, which is written if there is none. */
export const inspectionFileJob: JobHandler<'inspectionFile'> = async ({ path, data, threads }) =>
  inspectionFileFor(path, { data, ...(threads > 0 ? { threads } : {}) });

/** What a recording holds. */
export const describeRecordingJob: JobHandler<'describeRecording'> = ({ file }) => summariseRecording(file);

/** Inspects what an inspection file names. */
export const inspectFileJob: JobHandler<'inspectFile'> = async (params, { signal, report }) => {
  const { file, folder, threads } = params;
  const started = performance.now();
  const { analysis } = await inspectFile({
    file,
    out: folder,
    backend: await backendOf(params),
    ...(threads > 0 ? { threads } : {}),
    made: { versions: versions() },
    recommend: recommendAll,
    onProgress: report,
    signal,
  });
  const tasks = [...new Set(analysis.layers.flatMap(({ probes }) => probes.map(({ task }) => task)))];
  return { layers: analysis.layers.length, tasks, seconds: (performance.now() - started) / 1000 };
};
