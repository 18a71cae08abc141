import { writeAtomically } from '../disk/index.ts';
import { exportFrom } from '../handover/index.ts';
import { formatBytes } from '../protocol/index.ts';
import type { Common } from './options.ts';
import { print } from './terminal.ts';

export interface ExportOptions extends Common {
  readonly layer: string;
  readonly out: string;
  readonly state: string;
  readonly threads?: number;
}

/** Writes the model up to a layer of a run or an inspection as ONNX. */
export async function exportCommand(folder: string, options: ExportOptions): Promise<void> {
  const { json, layer, out } = options;
  const { model, inputs, output, dimensions } = await exportFrom(folder, options);
  await writeAtomically(out, model);
  const document = {
    file: out,
    layer,
    inputs,
    output: { name: output, shape: [inputs[0].shape[0], dimensions] },
    bytes: model.length,
  };
  await print(
    json,
    () => document,
    () => {
      const given = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
      return [
        `${out} (${formatBytes(model.length)}): ${given} -> ${output} [${document.output.shape.join(', ')}]`,
      ];
    },
  );
}
