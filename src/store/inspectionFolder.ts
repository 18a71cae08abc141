import { createHash } from 'node:crypto';
import { access, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lock, makeFolder, removeAbandoned } from '../disk/index.ts';
import {
  ANALYSIS_DOCUMENT,
  type Analysis,
  INSPECTION_DOCUMENT,
  type InspectionRecord,
  RECOMMENDATIONS_DOCUMENT,
  type Recommendations,
} from '../protocol/index.ts';
import { readDocument, writeDocument } from './documentFile.ts';
import { openRun, type Run } from './run.ts';
import { UnfinishedInspection } from './unfinishedInspection.ts';

/**
 * What was found in a model that was not trained here, as a folder:
 *
 *     analysis.json          what `inspect` found
 *     recommendations.json   the layer to keep for each downstream task
 *     inspection.json        what was inspected, with what
 *     inspect.lock           while a process inspects it: the process
 *     unfinished.*           of an inspection that was ended: what it had found
 *
 * Written like a run: atomically, and only under a lock.
 */
export class InspectionFolder {
  readonly folder: string;
  private readonly record: InspectionRecord | null;
  private readonly lock: Lock | null;

  /** The record is written with the analysis; a folder that is only read needs none. */
  constructor(folder: string, record: InspectionRecord | null = null, lock: Lock | null = null) {
    this.folder = folder;
    this.record = record;
    this.lock = lock;
  }

  /** Makes the folder if there is none. Resolves to whether there was none. */
  create(): Promise<boolean> {
    return makeFolder(this.folder);
  }

  /** Removes the folder if nothing is in it. */
  async removeEmpty(): Promise<void> {
    await rmdir(this.folder).catch(() => {});
  }

  async under(lock: Lock): Promise<InspectionFolder> {
    await removeAbandoned(this.folder, lock.takenAt);
    return new InspectionFolder(this.folder, this.record, lock);
  }

  /** What an inspection with the same questions had found when it was ended; null for a folder that is only read. */
  unfinished(backend: string): UnfinishedInspection | null {
    if (this.record === null || this.lock === null) return null;
    const { baseDirectory, inspection, versions } = this.record;
    const asked = JSON.stringify([baseDirectory, inspection, versions, backend]);
    return new UnfinishedInspection(this.folder, createHash('sha256').update(asked).digest('hex'), this.lock);
  }

  analysisPathOf(): string {
    return join(this.folder, 'analysis.json');
  }

  async writeAnalysis(analysis: Analysis): Promise<void> {
    await this.lock?.check();
    await writeDocument(ANALYSIS_DOCUMENT, this.analysisPathOf(), analysis);
    if (this.record !== null) await writeDocument(INSPECTION_DOCUMENT, recordIn(this.folder), this.record);
  }

  async writeRecommendations(recommendations: Recommendations): Promise<void> {
    await this.lock?.check();
    await writeDocument(RECOMMENDATIONS_DOCUMENT, join(this.folder, 'recommendations.json'), recommendations);
  }

  readRecord(): Promise<InspectionRecord> {
    return readDocument(INSPECTION_DOCUMENT, recordIn(this.folder));
  }

  readAnalysis(): Promise<Analysis> {
    return readDocument(ANALYSIS_DOCUMENT, this.analysisPathOf());
  }
}

const recordIn = (folder: string): string => join(folder, 'inspection.json');

/** A folder with an analysis: the results of an inspection, or else a run. */
export const openAnalysed = async (folder: string): Promise<Run | InspectionFolder> =>
  (await holdsInspection(folder)) ? new InspectionFolder(folder) : openRun(folder);

/** Whether `folder` has the results of an inspection. */
const holdsInspection = (folder: string): Promise<boolean> =>
  access(recordIn(folder)).then(
    () => true,
    () => false,
  );
