import { basename } from 'node:path';
import { recommend } from '../choose/index.ts';
import { type FittedHead, fitHead, type HeadRequest } from '../inspect/index.ts';
import { inputFault, type OnProgress } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import { reopenInspected, runSource } from '../sources/index.ts';
import { InspectionFolder, openAnalysed } from '../store/index.ts';
import { openTrainedRun } from '../train/index.ts';
import { exportInspected } from './exportFrom.ts';
import { type ExportedLayer, exportLayer } from './exportLayer.ts';
import { modelCard } from './modelCard.ts';
import { type HeadedModel, withHead } from './withHead.ts';

export interface FitRequest {
  /** Default: the first downstream task. */
  readonly task?: string;
  /** Default: the layer that is recommended for the task. */
  readonly layer?: string;
  /** Of a run. */
  readonly state: string;
  readonly backend: Backend;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A head that was fitted, with the model before it. */
export interface FittedModel {
  readonly head: FittedHead;
  readonly headed: HeadedModel;
  /** Whether nobody named the layer. */
  readonly isRecommended: boolean;
  /** The model card of a file. */
  cardOf(file: string): string;
}

/** A run or an inspection that a head is fitted for. */
interface Fittable extends Pick<HeadRequest, 'source' | 'asked'> {
  readonly subject: string;
  /** The model up to a layer; null for a recording. */
  encoder(layer: string): Promise<ExportedLayer | null>;
  close(): Promise<void>;
}

/**
 * Fits the final head of a downstream task on a layer of a run or an inspection, and puts it behind the model up to there.
 * @throws Fault (input) for an unknown task or layer, and for a task that cannot be learnt.
 */
export const fitFrom = async (folder: string, request: FitRequest): Promise<FittedModel> => {
  const { state, backend, onProgress, signal } = request;
  const found = await openAnalysed(folder);
  const analysis = await found.readAnalysis(state);
  const fittable = await (found instanceof InspectionFolder
    ? fittableInspection(found, request)
    : fittableRun(folder, request));
  try {
    const { asked, source, subject } = fittable;
    const task = request.task ?? asked.downstream.at(0)?.name;
    if (task === undefined) {
      throw inputFault('has no downstream task', folder, 'Add one to "downstream" and inspect it again');
    }
    const layer = request.layer ?? recommend(analysis, { task }).recommended.layer;
    const head = await fitHead({ source, asked, task, layer, backend, onProgress, signal });
    const encoder = await fittable.encoder(layer);
    const headed = await withHead(encoder, head);
    return {
      head,
      headed,
      isRecommended: request.layer === undefined,
      cardOf: (file) => modelCard({ file: basename(file), subject, encoder, head, headed }),
    };
  } finally {
    await fittable.close();
  }
};

/** The model card that is beside a model. */
export const cardPathOf = (file: string): string => `${file.replace(/\.onnx$/i, '')}.md`;

const fittableRun = async (folder: string, { state, backend }: FitRequest): Promise<Fittable> => {
  const trained = await openTrainedRun(folder, state);
  return {
    source: runSource(trained, trained.state, backend),
    asked: trained.experiment,
    subject: trained.experiment.name,
    encoder: (layer) => exportLayer(trained, layer),
    close: async () => {},
  };
};

const fittableInspection = async (found: InspectionFolder, { threads }: FitRequest): Promise<Fittable> => {
  const inspected = await reopenInspected(await found.readRecord(), found.folder, { threads });
  const { source, asked, close } = inspected;
  return {
    source,
    asked,
    subject: asked.name,
    encoder: (layer) => exportInspected(inspected, layer, threads),
    close,
  };
};
