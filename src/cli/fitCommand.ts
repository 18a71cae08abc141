import { writeAtomically } from '../disk/index.ts';
import { cardPathOf, fitFrom } from '../handover/index.ts';
import type { FittedHead } from '../inspect/index.ts';
import { type Evaluation, formatBytes, formatCount, percentOf, visibleLine } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import type { Computing } from './options.ts';
import { print, say, withProgress } from './terminal.ts';
import { textTable } from './textTable.ts';

export interface FitOptions extends Computing {
  readonly state: string;
  readonly task?: string;
  readonly layer?: string;
  readonly out: string;
}

/**
 * Fits the final head of a downstream task on a layer, and writes both as one ONNX file, with a model card beside it. The layer is
 * the recommended one unless another is named.
 */
export async function fitCommand(folder: string, options: FitOptions): Promise<void> {
  const { json, out, state, task, layer, threads } = options;
  const backend = await openBackend(options.backend, { threads });
  const { head, headed, isRecommended, cardOf } = await withProgress(json, (onProgress, signal) =>
    fitFrom(folder, { state, task, layer, backend, threads, onProgress, signal }),
  );
  if (isRecommended && !json) say(`Layer: ${head.layer}, as recommended for ${head.task}`);
  const { model, inputs, outputs } = headed;
  const card = cardPathOf(out);
  await writeAtomically(out, model);
  await writeAtomically(card, cardOf(out));
  const { weights: _, bias: __, ...said } = head;
  await print(
    json,
    () => ({ file: out, card, bytes: model.length, inputs, outputs, ...said }),
    () => describe(head, { out, card, bytes: model.length }),
  );
}

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
