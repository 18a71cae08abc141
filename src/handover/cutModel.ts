import { basename } from 'node:path';
import { type ModelPieces, type NodePiece, readModelPieces } from '../checkpoint/index.ts';
import { formatNumber, inputFault, runFault, shown } from '../protocol/index.ts';
import { extendedModel, GraphBuilder, type ModelPort, openOnnxBytes } from '../runtime/index.ts';
import type { TappedLayer } from '../sources/index.ts';
import type { ExportedLayer } from './exportLayer.ts';
import { imageInput } from './onnx/imageInput.ts';
import { addPooling, poolingNeeds } from './onnx/pooling.ts';

/** A cut model that differs more, relative to the largest value, is wrong. float16 has three digits. */
const LARGEST_DIFFERENCE = 1e-3;

/**
 * A model up to a layer as one ONNX file: what the layer does not need is left out, and the pooling is inside. Of a model of
 * images, so is their normalisation: its input is decoded images, uint8 [batch, height, width, channels], resized and cut.
 * The output is float32 [batch, dimensions]. It is run on the first samples, and has to give what was inspected.
 * @throws Fault (input) for an operator set that is too old for the pooling, and for more than 2 GiB.
 */
export const cutModel = async (layer: TappedLayer, threads: number): Promise<ExportedLayer> => {
  const { path, name, dimensions, pooling, ports } = layer;
  const pieces = await readModelPieces(layer.bytes ?? path);
  const needs = poolingNeeds(layer);
  if (pieces.opset < needs) {
    throw inputFault(
      `is of operator set ${pieces.opset}, and a layer whose pooling is ${pooling} takes ${needs}`,
      path,
      'Export the model for operator set 17',
    );
  }
  const kept = upTo(pieces, layer);
  const taken = namesIn(kept);
  const batch = ports[0].shape[0] ?? 'batch';
  const images = layer.images && { name: unusedName('images', taken), ...layer.images };
  const output = unusedName(name, taken);
  const behind = new GraphBuilder('pentimento/pooling/');
  behind.output(output, addPooling(behind, layer), 'float32', [batch, dimensions]);
  const words = { input: inputWords(layer), pooling: pooling ?? 'none' };
  const model = extendedModel(
    {
      ...kept,
      inputs: kept.inputs.filter((port) => port.name !== images?.port.name),
      outputs: [],
    },
    {
      name: `${basename(path)}/${name}`,
      ...(images === null ? {} : { before: imageInput(images, images.name, batch) }),
      behind: behind.finish('pentimento/pooling'),
      metadata: {
        'pentimento.model': basename(path),
        'pentimento.layer': name,
        'pentimento.input': words.input,
        'pentimento.pooling': words.pooling,
      },
    },
  );
  await check(model, layer, { images: images?.name ?? null, output, threads });
  const isKept = new Set(kept.inputs.map((port) => port.name));
  return {
    model,
    inputs:
      images === null
        ? ports.filter((port) => isKept.has(port.name)).map(inputOf)
        : [
            {
              name: images.name,
              shape: [batch, ...images.preprocessing.crop, images.preprocessing.mean.length],
            },
          ],
    output,
    dimensions,
    words,
  };
};

const inputOf = ({ name, shape }: ModelPort) => ({
  name,
  shape: shape.map((extent, axis) => extent ?? (axis === 0 ? 'batch' : 'length')),
});

/** What a user has to give, for the metadata and for people. */
const inputWords = ({ images }: TappedLayer): string => {
  if (images === null) return 'as the model takes them';
  const { crop, channels, resize } = images.preprocessing;
  const order = channels === 'grey' ? 'grey' : 'RGB';
  const first =
    resize === null
      ? 'resized'
      : typeof resize === 'number'
        ? `the shorter side resized to ${resize} and the middle cut`
        : `resized to ${resize.join(' x ')} and the middle cut`;
  return `decoded images as bytes, ${order}, height x width x channels, ${first} to ${crop.join(' x ')}`;
};

/** The nodes, constants and inputs that a layer depends on. */
const upTo = (pieces: ModelPieces, { tensor, mask }: TappedLayer): ModelPieces => {
  const needed = new Set([tensor, ...(mask === null ? [] : [mask])]);
  const nodes: NodePiece[] = [];
  for (const node of pieces.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    for (const input of node.captured) needed.add(input);
    nodes.push(node);
  }
  return {
    ...pieces,
    nodes: nodes.reverse(),
    constants: pieces.constants.filter(({ name }) => needed.has(name)),
    inputs: pieces.inputs.filter(({ name }) => needed.has(name)),
  };
};

const namesIn = ({ nodes, constants, inputs }: ModelPieces): Set<string> =>
  new Set([...nodes.flatMap(({ outputs }) => outputs), ...[...constants, ...inputs].map(({ name }) => name)]);

/** A name that no tensor has yet: one of a model may be called as its layer is. */
export const unusedName = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? unusedName(`${name}/output`, taken) : name;

interface Expected {
  /** Name of the input of images, in place of that of the model. */
  readonly images: string | null;
  readonly output: string;
  readonly threads: number;
}

/** @throws Fault if the cut model does not give what was inspected. */
const check = async (
  model: Uint8Array,
  layer: TappedLayer,
  { images, output, threads }: Expected,
): Promise<void> => {
  const { path, name, dimensions } = layer;
  const { given, rows } = await layer.firstSamples();
  const cut = await openOnnxBytes(model, path, threads);
  try {
    const wanted = new Set(cut.inputs.map((port) => port.name));
    const feeds = Object.fromEntries(
      Object.entries(given).flatMap(([input, array]) => {
        const own = images ?? input;
        return wanted.has(own) ? [[own, array]] : [];
      }),
    );
    const { [output]: found } = await cut.run(feeds);
    const difference = relativeDifference(found.data as Float32Array, rows);
    if (found.shape[1] === dimensions && difference <= LARGEST_DIFFERENCE) return;
    throw runFault(
      `cut at ${shown(name)}, gives other values than were inspected (they differ by ${formatNumber(difference, 2)} of the largest)`,
      path,
      'Inspect the model again; if that does not help, report it with the model',
    );
  } finally {
    await cut.dispose();
  }
};

/** The largest difference, relative to the largest value. Values that are not finite have to be the same. */
const relativeDifference = (found: Float32Array, rows: Float32Array): number => {
  let [largest, difference] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    if (Number.isFinite(rows[at])) largest = Math.max(largest, Math.abs(rows[at]));
    if (Object.is(found[at], rows[at])) continue;
    if (!Number.isFinite(found[at] - rows[at])) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, Math.abs(found[at] - rows[at]));
  }
  return difference === 0 ? 0 : difference / largest;
};
