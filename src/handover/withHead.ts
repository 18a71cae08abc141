import { readModelPieces } from '../checkpoint/index.ts';
import { encodeModel, extendedModel, GraphBuilder } from '../runtime/index.ts';
import { unusedName } from './cutModel.ts';
import type { ExportedLayer } from './exportLayer.ts';

/** A linear map behind a layer. */
export interface Head {
  readonly task: string;
  readonly factor: string;
  readonly layer: string;
  /** By output; null for a continuous factor. */
  readonly classes: readonly string[] | null;
  /** [dimensions, outputs] */
  readonly weights: { readonly rows: number; readonly columns: number; readonly data: Float64Array };
  readonly bias: Float64Array;
}

/** A model with a head: what it takes and gives. */
export interface HeadedModel {
  readonly model: Uint8Array;
  readonly inputs: ExportedLayer['inputs'];
  /** `logits` and `probabilities`, or `prediction`: [batch, outputs]. */
  readonly outputs: readonly string[];
}

/**
 * An exported layer with a head behind it, as one ONNX model; the names of the classes are in its metadata. Without the layer
 * (activations that were recorded), the head alone, which takes `representation`.
 */
export const withHead = async (encoder: ExportedLayer | null, head: Head): Promise<HeadedModel> => {
  const { task, factor, layer, classes, weights } = head;
  const metadata = {
    'pentimento.task': task,
    'pentimento.factor': factor,
    'pentimento.layer': layer,
    ...(classes === null ? {} : { 'pentimento.classes': JSON.stringify(classes) }),
  };
  const graph = new GraphBuilder('pentimento/head/');
  if (encoder === null) {
    const input = { name: 'representation', shape: ['batch', weights.rows] };
    graph.input(input.name, 'float32', input.shape);
    const outputs = addHead(graph, input.name, head, 'batch');
    return { model: encodeModel(graph.finish(`${task}/${layer}`, metadata)), inputs: [input], outputs };
  }
  const pieces = await readModelPieces(encoder.model);
  const taken = new Set(pieces.nodes.flatMap((node) => node.outputs));
  const batch = encoder.inputs[0].shape[0];
  const outputs = addHead(graph, encoder.output, head, batch, taken);
  const name = `${task}/${layer}`;
  const behind = graph.finish('pentimento/head');
  return { model: extendedModel(pieces, { name, behind, metadata }), inputs: encoder.inputs, outputs };
};

/** Adds x W + b, and what it means. Returns the outputs. */
const addHead = (
  graph: GraphBuilder,
  input: string,
  { classes, weights, bias }: Head,
  batch: number | string,
  taken: ReadonlySet<string> = new Set(),
): string[] => {
  const constant = (shape: readonly number[], values: Float64Array): string =>
    graph.constant('float32', shape, new Uint8Array(Float32Array.from(values).buffer));
  const product = graph.node('MatMul', [input, constant([weights.rows, weights.columns], weights.data)]);
  const scores = graph.node('Add', [product, constant([bias.length], bias)]);
  const add = (wanted: string, value: string): string => {
    const name = unusedName(wanted, taken);
    graph.output(name, value, 'float32', [batch, bias.length]);
    return name;
  };
  if (classes === null) return [add('prediction', scores)];
  return [add('logits', scores), add('probabilities', graph.node('Softmax', [scores], { axis: 1 }))];
};
