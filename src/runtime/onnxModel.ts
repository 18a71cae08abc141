import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-common';
import { inputFault, shown } from '../protocol/index.ts';
import { ProtobufWriter } from './onnx/protobuf.ts';
import type { OnnxRuntime } from './onnxProgram.ts';

/** What a model takes: an extent that may differ is a name, or null. */
export interface ModelPort {
  readonly name: string;
  /** As ONNX Runtime calls it: `float32`, `int64`. */
  readonly type: string;
  readonly shape: readonly (number | null)[];
}

/** Numbers for a model, or from it. */
export interface ModelArray {
  readonly type: string;
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Int32Array
    | BigInt64Array
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Int16Array;
}

/** A model of the user, with tensors within it as further outputs. */
export interface OnnxModel {
  readonly inputs: readonly ModelPort[];
  run(inputs: Readonly<Record<string, ModelArray>>): Promise<Readonly<Record<string, ModelArray>>>;
  dispose(): Promise<void>;
}

/** Field numbers: the graph of a model, the outputs of a graph, the name of a value. */
const GRAPH = 7;
const OUTPUT = 12;
const VALUE_NAME = 1;

/**
 * Opens an ONNX file with `taps` as outputs besides its own. A protocol buffer that is continued with another one of the same
 * message has the lists of both: so outputs are added behind the file's bytes, without rewriting the model.
 * @throws Fault (input) for a model that ONNX Runtime cannot run, such as one with an operator that it lacks.
 */
export const openOnnxModel = async (
  { path, bytes }: OnnxFile,
  taps: readonly string[],
  { threads, known = [] }: { readonly threads: number; readonly known?: readonly string[] },
): Promise<OnnxModel> => {
  const added = taps.filter((tap) => !known.includes(tap));
  return openOnnxBytes(withOutputs(bytes ?? (await readFile(path)), added), path, threads, taps);
};

/** A model in a file, or one that was made of another file. */
export interface OnnxFile {
  /** Of the file that the user knows. */
  readonly path: string;
  readonly bytes: Uint8Array | null;
}

/**
 * Opens a model in memory.
 * @param path what faults are about, and where files beside the model are.
 * @param asked the outputs that are computed. Default: all.
 * @throws Fault (input) for a model that ONNX Runtime cannot run.
 */
export const openOnnxBytes = async (
  bytes: Uint8Array,
  path: string,
  threads: number,
  asked?: readonly string[],
): Promise<OnnxModel> => {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const module = (await import('onnxruntime-node')) as unknown as OnnxRuntime & { default?: OnnxRuntime };
  const runtime = module.default ?? module;
  const session = await runtime.InferenceSession.create(bytes, {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: { model_external_initializers_file_folder_path: dirname(resolve(path)) } },
  }).catch((error: unknown) => {
    throw inputFault(
      `cannot be run by ONNX Runtime (${firstLine(error)})`,
      path,
      'Export it for a standard operator set, such as opset 17',
      error,
    );
  });
  return {
    inputs: portsOf(session),
    run: (inputs) => runModel(runtime, session, inputs, { path, asked: asked ?? session.outputNames }),
    dispose: () => session.release(),
  };
};

const withOutputs = (model: Uint8Array, names: readonly string[]): Uint8Array => {
  if (names.length === 0) return model;
  const added = new ProtobufWriter()
    .message(GRAPH, (graph) => {
      for (const name of names) graph.message(OUTPUT, (value) => value.text(VALUE_NAME, name));
    })
    .finish();
  return Buffer.concat([model, added]);
};

const portsOf = ({ inputMetadata }: InferenceSession): ModelPort[] =>
  inputMetadata.map((port) => ({
    name: port.name,
    type: port.isTensor ? port.type : 'sequence',
    shape: port.isTensor
      ? port.shape.map((extent) => (typeof extent === 'number' && extent > 0 ? extent : null))
      : [],
  }));

const runModel = async (
  runtime: OnnxRuntime,
  session: InferenceSession,
  inputs: Readonly<Record<string, ModelArray>>,
  { path, asked }: { readonly path: string; readonly asked: readonly string[] },
): Promise<Record<string, ModelArray>> => {
  const feeds: Record<string, OnnxTensor> = {};
  for (const [name, { type, shape, data }] of Object.entries(inputs)) {
    feeds[name] = new runtime.Tensor(type as 'float32', data as Float32Array, [...shape]);
  }
  const results = await session.run(feeds, [...asked]).catch((error: unknown) => {
    const fed = Object.entries(inputs).map(([name, { shape }]) => `${shown(name)} [${shape.join(', ')}]`);
    throw inputFault(
      `fails on the data (${firstLine(error)})`,
      path,
      `It was given ${fed.join(', ')}: give it data of the shape and type that it was made for`,
      error,
    );
  });
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, dims, data }]) => [
      name,
      { type, shape: dims, data: data as ModelArray['data'] },
    ]),
  );
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0].slice(0, 300);
