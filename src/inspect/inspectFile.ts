import { dirname, join, resolve } from 'node:path';
import { checkTask } from '../data/index.ts';
import { loadInspection, located } from '../experiment/index.ts';
import type { Analysis, InspectionRecord, OnProgress, Recommendation } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import { openInspected } from '../sources/index.ts';
import { InspectionFolder } from '../store/index.ts';
import { inspectInto } from './inspectInto.ts';

export interface FileRequest {
  /** An inspection file. */
  readonly file: string;
  /** Folder for the results. Default: `.pentimento/inspections/NAME` in the working folder. */
  readonly out?: string;
  readonly backend: Backend;
  /** Of a model. Default: all cores. */
  readonly threads?: number;
  /** What the results are made with. */
  readonly made: Pick<InspectionRecord, 'versions' | 'command'>;
  readonly recommend: (analysis: Analysis) => Recommendation[];
  /** Called before anything is measured, with what the file leaves out and is assumed. */
  readonly onAssumed?: (lines: readonly string[]) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

interface InspectedFile {
  readonly analysis: Analysis;
  /** The results. */
  readonly folder: string;
}

/**
 * Inspects what an inspection file names.
 * @throws Fault (input) for a file, a recording, a model or data that cannot be used; the signal's reason when cancelled.
 */
export const inspectFile = async (request: FileRequest): Promise<InspectedFile> => {
  const { file, backend, threads, made, recommend, onProgress, signal } = request;
  const asked = await loadInspection(file);
  const baseDirectory = resolve(dirname(file));
  const opened = await located(file, asked, () => openInspected(asked, { baseDirectory, threads }));
  const { source } = opened;
  try {
    request.onAssumed?.(opened.assumed);
    await located(file, asked, async () => {
      for (const [index, task] of asked.downstream.entries()) {
        checkTask(task, source.splits.train, `/downstream/${index}`);
      }
    });
    const folder = request.out ?? join('.pentimento', 'inspections', asked.name);
    const into = new InspectionFolder(folder, {
      version: 1,
      name: asked.name,
      baseDirectory,
      inspection: JSON.parse(JSON.stringify(asked)) as Record<string, unknown>,
      created: new Date().toISOString(),
      ...made,
    });
    const isNew = await into.create();
    const analysis = await located(file, asked, () =>
      inspectInto({ into, source, asked, backend, recommend, onProgress, signal }),
    ).catch(async (error: unknown) => {
      if (isNew) await into.removeEmpty();
      throw error;
    });
    return { analysis, folder };
  } finally {
    await opened.close();
  }
};
