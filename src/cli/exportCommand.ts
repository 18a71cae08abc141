import { writeAtomically } from '../disk/index.ts';
import { exportLayer } from '../handover/index.ts';
import { formatBytes } from '../protocol/index.ts';
import { openTrainedRun } from '../train/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

export interface ExportOptions extends Common {
  readonly layer: string;
  readonly out: string;
  readonly state: string;
}

export async function exportCommand(
  folder: string,
  { json, layer, out, state }: ExportOptions,
): Promise<void> {
  const trained = await openTrainedRun(folder, state);
  const { model, inputShape, dimensions } = await exportLayer(trained, layer);
  await writeAtomically(out, model);
  const document = {
    file: out,
    layer,
    input: { name: 'x', shape: ['batch', ...inputShape] },
    output: { name: layer, shape: ['batch', dimensions] },
    bytes: model.length,
  };
  await print(
    json,
    () => document,
    () => {
      return [
        `${out} (${formatBytes(model.length)}): x [batch, ${inputShape.join(', ')}] -> ${layer} [batch, ${dimensions}]`,
      ];
    },
  );
}
