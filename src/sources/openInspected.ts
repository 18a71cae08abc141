import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type InspectionSpec, inspectionSchema } from '../experiment/index.ts';
import { type InspectionRecord, inputFault } from '../protocol/index.ts';
import { openModel } from './model/openModel.ts';
import type { TappedLayer } from './model/tappedLayer.ts';
import type { OpenRecording } from './recording/recordedSource.ts';
import { openRecording } from './recording/recordingSource.ts';

/** What an inspection file names, opened. */
export interface Inspected extends OpenRecording {
  /** Of a model: its layers as tensors of its graph. */
  readonly tapped: ReadonlyMap<string, TappedLayer> | null;
}

interface OpenOptions {
  /** Folder that paths are relative to. */
  readonly baseDirectory: string;
  readonly threads?: number;
  /** Whether all samples are both splits. */
  readonly isUnsplit?: boolean;
  /** Whether splits are whole, however large they are: they are only embedded. */
  readonly isWhole?: boolean;
}

/**
 * The recording, or the model with its data, that an inspection file names.
 * @throws Fault (input) as `openModel` and `openRecording`.
 */
export const openInspected = async (
  asked: InspectionSpec,
  { baseDirectory, threads = availableParallelism(), isUnsplit, isWhole }: OpenOptions,
): Promise<Inspected> => {
  const { model, data, recording } = asked;
  if (model !== undefined && data !== undefined) {
    return openModel(join(baseDirectory, model), {
      ...asked,
      data,
      threads,
      baseDirectory,
      isUnsplit,
      isWhole,
    });
  }
  const opened = await openRecording(join(baseDirectory, recording!), {
    ...asked,
    baseDirectory,
    isUnsplit,
    isWhole,
  });
  return { ...opened, tapped: null };
};

/** An inspection that was made, with what it was of. */
export interface Reopened extends Inspected {
  readonly asked: InspectionSpec;
}

/**
 * What an inspection was of, opened again.
 * @param data of a model: path of what it is run on in place of its own data, prepared in the same way. All samples are in both
 * splits, and only labels that these data have themselves are known.
 * @throws Fault (input) if what was inspected is gone or has changed so that it cannot be read.
 */
export const reopenInspected = async (
  record: InspectionRecord,
  folder: string,
  { threads, data, isWhole }: Pick<OpenOptions, 'threads' | 'isWhole'> & { readonly data?: string } = {},
): Promise<Reopened> => {
  const parsed = inspectionSchema.safeParse(record.inspection);
  if (!parsed.success) {
    throw inputFault('was inspected by another version', folder, 'Inspect it again');
  }
  const { baseDirectory } = record;
  if (data === undefined) {
    return { ...(await openInspected(parsed.data, { baseDirectory, threads, isWhole })), asked: parsed.data };
  }
  if (parsed.data.data === undefined) {
    throw inputFault(
      'is about a recording, which has no other data',
      folder,
      'Name one of its splits, or all',
    );
  }
  const asked = {
    ...parsed.data,
    data: { ...parsed.data.data, path: resolve(data) },
    labels: undefined,
    split: undefined,
  };
  return { ...(await openInspected(asked, { baseDirectory, threads, isUnsplit: true, isWhole })), asked };
};
