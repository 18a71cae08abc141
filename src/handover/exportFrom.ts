import { availableParallelism } from 'node:os';
import { inputFault, shown } from '../protocol/index.ts';
import { type Reopened, reopenInspected } from '../sources/index.ts';
import { InspectionFolder, openAnalysed } from '../store/index.ts';
import { openTrainedRun } from '../train/index.ts';
import { cutModel } from './cutModel.ts';
import { type ExportedLayer, exportLayer } from './exportLayer.ts';

export interface ExportRequest {
  readonly layer: string;
  /** Of a run. */
  readonly state: string;
  readonly threads?: number;
}

/**
 * The model up to a layer of a run, or of a model that was inspected.
 * @throws Fault (input) for an inspection of a recording, and for a layer that there is not.
 */
export const exportFrom = async (
  folder: string,
  { layer, state, threads }: ExportRequest,
): Promise<ExportedLayer> => {
  const found = await openAnalysed(folder);
  if (!(found instanceof InspectionFolder)) return exportLayer(await openTrainedRun(folder, state), layer);
  const inspected = await reopenInspected(await found.readRecord(), folder, { threads });
  try {
    const exported = await exportInspected(inspected, layer, threads);
    if (exported !== null) return exported;
    throw inputFault(
      'is about a recording, which has no model to export',
      folder,
      'Export the layer in the framework of the model; fit and embed take recordings',
    );
  } finally {
    await inspected.close();
  }
};

const MOST_NAMED = 30;

/** Null for a recording. */
export const exportInspected = async (
  { tapped }: Reopened,
  layer: string,
  threads = availableParallelism(),
): Promise<ExportedLayer | null> => {
  if (tapped === null) return null;
  const found = tapped.get(layer);
  if (found !== undefined) return cutModel(found, threads);
  const known = [...tapped.keys()];
  const more = known.length > MOST_NAMED ? `, and ${known.length - MOST_NAMED} more` : '';
  throw inputFault(
    `there is no layer ${shown(layer)}`,
    '--layer',
    `Choose from ${known.slice(0, MOST_NAMED).join(', ')}${more}`,
  );
};
