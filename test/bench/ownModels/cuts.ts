import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportInspected } from '../../../src/handover/exportFrom.ts';
import type { Analysis, Evaluation } from '../../../src/protocol/index.ts';
import { measured } from './measured.ts';
import { reopened } from './probedTasks.ts';

/** Cuts the model at every layer that is a tensor of it: the files by layer. */
export const cutEverywhere = async (results: string, folder: string): Promise<Record<string, string>> => {
  const inspected = await reopened(results);
  const files: Record<string, string> = {};
  try {
    await mkdir(folder, { recursive: true });
    for (const layer of inspected.tapped!.keys()) {
      const { model } = (await exportInspected(inspected, layer))!;
      const file = join(folder, `${Object.keys(files).length}.onnx`);
      await writeFile(file, model);
      files[layer] = file;
    }
  } finally {
    await inspected.close();
  }
  return files;
};

/** What `pentimento fit --json` prints. */
interface Fit {
  readonly file: string;
  readonly task: string;
  readonly layer: string;
  readonly evaluations: readonly Evaluation[];
}

/** The final classifier of each task on the recommended layer, and the probe that it came from. */
export const fitEverything = async (
  { layers }: Analysis,
  tasks: readonly string[],
  { cli, results, folder }: { readonly cli: string; readonly results: string; readonly folder: string },
) => {
  const fits = [];
  for (const [at, task] of tasks.entries()) {
    const file = join(folder, `fit-${at}.onnx`);
    const { output } = await measured(process.execPath, [
      ...[cli, 'fit', results, '--task', task, '--out', file, '--json'],
    ]);
    const { layer, evaluations } = JSON.parse(output) as Fit;
    const { probes } = layers.find(({ name }) => name === layer)!;
    const probe = probes.find((own) => own.task === task && own.method === 'logistic-standardised')!;
    fits.push({
      ...{ task, layer, file },
      accuracy: evaluations[0].accuracy!,
      probe: probe.evaluations[0].accuracy!,
    });
  }
  return fits;
};
