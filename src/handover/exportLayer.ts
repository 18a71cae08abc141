import { forwardFunction, type Model, pooledSize, poolingWords, variablesFor } from '../model/index.ts';
import { inputFault } from '../protocol/index.ts';
import { type InputSpec, record } from '../runtime/index.ts';
import type { TrainedRun } from '../train/index.ts';
import { inspectedPooling } from './inspectedPooling.ts';

/** What the exported file says about itself: everything that its users need to know is in it. */
export interface ExportedLayer {
  /** An ONNX model with one output, [batch, dimensions]. */
  readonly model: Uint8Array;
  /** An extent that may differ has a name. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  readonly output: string;
  readonly dimensions: number;
  /** What the input is, and how maps or tokens become a vector, for people. */
  readonly words: { readonly input: string; readonly pooling: string };
}

/** The layer of that name, or a fault that lists the existing ones. */
export function namedLayer(model: Model, name: string) {
  const layer = model.layers.find((candidate) => candidate.name === name);
  if (layer !== undefined) return layer;
  const known = model.layers.map((candidate) => candidate.name).join(', ');
  throw inputFault(`the model has no layer '${name}'`, '--layer', `Use one of: ${known}`);
}

/** An example batch that cannot be mistaken for an extent of the model while it is recorded. */
function exampleBatch({ variables, layers }: Model): number {
  const extents = new Set([...variables, ...layers].flatMap(({ shape }) => shape));
  let batch = 1009;
  while ([...extents].some((extent) => extent > 0 && extent % batch === 0)) batch++;
  return batch;
}

/**
 * The forward pass up to a layer as one ONNX graph of standard operators: preprocessing inside, maps made
 * vectors as they were inspected, weights as constants. Input `x`: float32 [batch, ...sample], as in the data set (images as
 * [height, width, channels] in [0, 1]). Output: float32 [batch, dimensions], named after the layer.
 */
export async function exportLayer(trained: TrainedRun, layer: string): Promise<ExportedLayer> {
  const { experiment, model, state, data, run } = trained;
  const { shape } = namedLayer(model, layer);
  const pooling = await inspectedPooling(trained, layer);
  const variables = variablesFor(model, [layer]);
  const inputs: Record<string, InputSpec> = {
    x: { shape: [exampleBatch(model), ...data.shape], dtype: 'float32' },
  };
  for (const variable of variables) inputs[variable.name] = { shape: variable.shape, dtype: 'float32' };
  const constants = Object.fromEntries(variables.map(({ name }) => [name, state.variables[name].data]));
  const words = {
    input:
      data.shape.length === 3 ? 'images, height x width x channels, values in [0, 1]' : 'samples x features',
    pooling: poolingWords(shape, pooling),
  };
  const { model: bytes } = await record(forwardFunction(model, [layer], { pooling }), inputs, {
    dynamicBatch: ['x'],
    operators: 'standard',
    constants,
    name: `${experiment.name}/${layer}`,
    metadata: {
      'pentimento.experiment': experiment.name,
      'pentimento.layer': layer,
      'pentimento.seed': String(experiment.seed),
      'pentimento.step': String(state.step),
      'pentimento.version': run.record.versions.pentimento,
      'pentimento.input': `x: ${words.input}`,
      'pentimento.pooling': words.pooling,
    },
  });
  return {
    model: bytes,
    inputs: [{ name: 'x', shape: ['batch', ...data.shape] }],
    output: layer,
    dimensions: pooledSize(shape, pooling),
    words,
  };
}
