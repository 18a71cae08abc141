import { recommend } from '../choose/index.ts';
import { writeAtomically } from '../disk/index.ts';
import { type ExportedLayer, exportInspected, exportLayer, modelCard, withHead } from '../handover/index.ts';
import { type FittedHead, fitHead, type HeadRequest } from '../inspect/index.ts';
import {
  type Evaluation,
  formatBytes,
  formatCount,
  inputFault,
  percentOf,
  visibleLine,
} from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { reopenInspected, runSource } from '../sources/index.ts';
import { InspectionFolder, openAnalysed } from '../store/index.ts';
import { openTrainedRun } from '../train/index.ts';
import type { Computing } from './options.ts';
import { print, say, withProgress } from './terminal.ts';
import { textTable } from './textTable.ts';

export interface FitOptions extends Computing {
  readonly state: string;
  readonly task?: string;
  readonly layer?: string;
  readonly out: string;
}

/** A run or an inspection that a head is fitted for. */
interface Fittable extends Pick<HeadRequest, 'source' | 'asked'> {
  readonly subject: string;
  /** The model up to a layer; null for a recording. */
  encoder(layer: string): Promise<ExportedLayer | null>;
  close(): Promise<void>;
}

/**
 * Fits the final head of a downstream task on a layer, and writes both as one ONNX file, with a model card beside it. The layer is
 * the recommended one unless another is named.
 */
export async function fitCommand(folder: string, options: FitOptions): Promise<void> {
  const { json, out, state } = options;
  const found = await openAnalysed(folder);
  const analysis = await found.readAnalysis(state);
  const backend = await openBackend(options.backend, { threads: options.threads });
  const fittable = await (found instanceof InspectionFolder
    ? fittableInspection(found, options)
    : fittableRun(folder, options, backend));
  try {
    const { asked, source, subject } = fittable;
    const task = options.task ?? asked.downstream.at(0)?.name;
    if (task === undefined) {
      throw inputFault('has no downstream task', folder, 'Add one to "downstream" and inspect it again');
    }
    const layer = options.layer ?? recommend(analysis, { task }).recommended.layer;
    if (options.layer === undefined && !json) say(`Layer: ${layer}, as recommended for ${task}`);
    const head = await withProgress(json, (onProgress, signal) =>
      fitHead({ source, asked, task, layer, backend, onProgress, signal }),
    );
    const encoder = await fittable.encoder(layer);
    const headed = await withHead(encoder, head);
    const card = `${out.replace(/\.onnx$/i, '')}.md`;
    await writeAtomically(out, headed.model);
    await writeAtomically(card, modelCard({ file: out, subject, encoder, head, headed }));
    const { weights: _, bias: __, ...said } = head;
    await print(
      json,
      () => ({
        file: out,
        card,
        bytes: headed.model.length,
        inputs: headed.inputs,
        outputs: headed.outputs,
        ...said,
      }),
      () => describe(head, { out, card, bytes: headed.model.length }),
    );
  } finally {
    await fittable.close();
  }
}

const fittableRun = async (
  folder: string,
  { state }: FitOptions,
  backend: HeadRequest['backend'],
): Promise<Fittable> => {
  const trained = await openTrainedRun(folder, state);
  return {
    source: runSource(trained, trained.state, backend),
    asked: trained.experiment,
    subject: trained.experiment.name,
    encoder: (layer) => exportLayer(trained, layer),
    close: async () => {},
  };
};

const fittableInspection = async (found: InspectionFolder, { threads }: FitOptions): Promise<Fittable> => {
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

interface Written {
  readonly out: string;
  readonly card: string;
  readonly bytes: number;
}

const describe = (head: FittedHead, { out, card, bytes }: Written): string[] => {
  const { task, layer, classes, evaluations, trainSamples, penalty, balance } = head;
  const hasGroups = evaluations.some(({ worstGroup }) => worstGroup !== null);
  const quantity = classes === null ? 'R2 %' : 'accuracy %';
  const rows = [
    ['on', 'samples', quantity, '95 % interval', ...(hasGroups ? ['worst group %'] : [])],
    ...evaluations.map((evaluation) => evaluationRow(evaluation, hasGroups)),
  ];
  const balanced = balance === null ? '' : `, ${balance} count the same`;
  const what = classes === null ? 'a number' : `${formatCount(classes.length)} classes`;
  return [
    `${visibleLine(task)} from ${visibleLine(layer)}: ${what}, fitted on ${formatCount(trainSamples)} samples, ${penalty.name} ${penalty.value.toPrecision(3)}${balanced}`,
    ...textTable(rows, (column) => column === 0 || column === 4),
    `${out} (${formatBytes(bytes)}), ${card}`,
  ];
};

const evaluationRow = (
  { on, samples, accuracy, interval, worstGroup }: Evaluation,
  hasGroups: boolean,
): string[] => [
  visibleLine(on),
  formatCount(samples),
  accuracy === null ? '-' : percentOf(accuracy),
  interval === null ? '-' : `${percentOf(interval[0])} to ${percentOf(interval[1])}`,
  ...(hasGroups
    ? [
        worstGroup?.accuracy == null
          ? '-'
          : `${percentOf(worstGroup.accuracy)} (${visibleLine(worstGroup.group)})`,
      ]
    : []),
];
