import * as tf from '@tensorflow/tfjs-core';
import { readTfjsModel, type TfjsModel } from '../../checkpoint/index.ts';
import { Fault, inputFault, libraryReason, shown } from '../../protocol/index.ts';
import { type InputSpec, record, type Tensors } from '../../runtime/index.ts';
import '@tensorflow/tfjs-backend-cpu';
// Layers call operations as methods of tensors.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';

/** A model of TensorFlow.js as an ONNX model, which gives the output of every layer. */
export interface RecordedTfjs {
  readonly model: Uint8Array;
  /** Outputs of layers, in their order. */
  readonly layers: readonly string[];
  /** Those that are read unless others are asked for. */
  readonly usual: readonly string[];
  /** Why further layers are left out: an operation behind which they are; null if there are all. */
  readonly lacking: string | null;
}

/** A loaded model: its inputs, and a function of them that gives the tensors of its layers. */
interface Loaded {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly layers: readonly string[];
  readonly usual: readonly string[];
  /** @param names of some layers. */
  run(inputs: Tensors, names: readonly string[]): Tensors;
  dispose(): void;
}

/** Samples while it is recorded: a prime that divides no other extent. */
const BATCH = 104_729;

/**
 * Records the forward pass of a model of TensorFlow.js: a layers model (from Keras) or a graph model (from TensorFlow).
 * @throws Fault (input) for a model that TensorFlow.js cannot load, and for an operation that the recorder lacks.
 */
export const recordTfjs = async (path: string): Promise<RecordedTfjs> => {
  const written = await readTfjsModel(path);
  const former = tf.getBackend() as string | undefined;
  // It recommends another package on standard output otherwise.
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  let loaded: Loaded | null = null;
  try {
    loaded = await load(written, path);
    const { model, count, lacking } = await recordMost(loaded, path);
    const { layers: all, usual } = loaded;
    const layers = all.slice(0, count);
    return { model, layers, usual: usual.filter((name) => layers.includes(name)), lacking };
  } finally {
    loaded?.dispose();
    if (former !== undefined && former !== 'cpu') await tf.setBackend(former);
  }
};

interface Most {
  readonly model: Uint8Array;
  /** Of its layers, from the first on. */
  readonly count: number;
  readonly lacking: string | null;
}

/** All layers; or else as many as there are before an operation that cannot be recorded, such as the last steps of a detector. */
const recordMost = async (loaded: Loaded, path: string): Promise<Most> => {
  const attempt = async (count: number): Promise<Most | Fault> => {
    const model = await recordFirst(loaded, count, path).catch((error: unknown) => {
      if (error instanceof Fault) return error;
      throw error;
    });
    return model instanceof Fault ? model : { model, count, lacking: null };
  };
  const all = await attempt(loaded.layers.length);
  if (!(all instanceof Fault)) return all;
  let best: Most | null = null;
  let [low, high] = [1, loaded.layers.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = await attempt(middle);
    if (found instanceof Fault) high = middle - 1;
    else {
      best = { ...found, lacking: all.what };
      low = middle + 1;
    }
  }
  if (best === null) throw all;
  return best;
};

const load = async (written: TfjsModel, path: string): Promise<Loaded> => {
  try {
    return await (written.kind === 'layers' ? loadLayers(written, path) : loadGraph(written, path));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw inputFault(
      `cannot be loaded by TensorFlow.js (${libraryReason(error)})`,
      path,
      'Convert it again with tensorflowjs_converter',
      error,
    );
  }
};

/** The first layers of a model, as ONNX. */
const recordFirst = async (
  { inputs, layers, run }: Loaded,
  count: number,
  path: string,
): Promise<Uint8Array> => {
  try {
    const { model } = await record((given) => run(given, layers.slice(0, count)), inputs, {
      dynamicBatch: Object.keys(inputs).filter((name) => inputs[name].shape[0] === BATCH),
      operators: 'standard',
      computesShapes: true,
      name: 'model',
    });
    return model;
  } catch (error) {
    const reason = libraryReason(error);
    const [, operation] = /^Kernel '([^']+)' not registered/.exec(reason) ?? [];
    throw inputFault(
      operation === undefined
        ? `cannot be recorded (${reason})`
        : `has the operation ${shown(operation)}, which is not recorded here`,
      path,
      'Convert the original model to ONNX, or record its activations',
      error,
    );
  }
};

const inputSpec = (
  shape: readonly (number | null)[],
  dtype: string,
  name: string,
  path: string,
): InputSpec => {
  const [, ...rest] = shape;
  if (shape.length === 0 || rest.some((extent) => extent === null || extent < 0)) {
    throw inputFault(
      `takes ${shown(name)} of the shape [${shape.map((extent) => extent ?? '?').join(', ')}], with no fixed size`,
      path,
      'Convert the original model with fixed input sizes',
    );
  }
  const [samples] = shape;
  return {
    // Some models take one sample at a time.
    shape: [samples === null || samples < 0 ? BATCH : samples, ...(rest as number[])],
    dtype: dtype === 'int32' ? 'int32' : 'float32',
  };
};

/** Layers whose outputs people compare: activations, sums, pooling and what is behind it. */
const USUAL_LAYERS = new Set([
  ...['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'Softmax', 'ThresholdedReLU'],
  ...['Add', 'Dense', 'GlobalAveragePooling1D', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
  ...['LSTM', 'GRU', 'SimpleRNN', 'Bidirectional'],
]);

const loadLayers = async (
  { modelTopology, weightSpecs, weightData }: TfjsModel,
  path: string,
): Promise<Loaded> => {
  const tfl = await import('@tensorflow/tfjs-layers');
  const specs = weightSpecs as tf.io.WeightsManifestEntry[];
  const handler = tf.io.fromMemory({ modelTopology, weightSpecs: specs, weightData });
  const model = await tfl.loadLayersModel(handler);
  const own = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  const ports = model.inputs.map(({ shape, dtype }, at) => ({ name: model.inputNames[at], shape, dtype }));
  const isUsual = own.map((layer) => {
    const { activation } = layer.getConfig() as { readonly activation?: string };
    return USUAL_LAYERS.has(layer.getClassName()) || (activation !== undefined && activation !== 'linear');
  });
  const layers = own.map(({ name }) => name);
  return {
    inputs: Object.fromEntries(
      ports.map(({ name, shape, dtype }) => [name, inputSpec(shape, dtype ?? 'float32', name, path)]),
    ),
    layers,
    usual: layers.filter((_, at) => isUsual[at] || at === layers.length - 1),
    run: (inputs, names) => {
      const outputs = names.map((name) => [model.getLayer(name).getOutputAt(0)].flat()[0]);
      const taps = tfl.model({ inputs: model.inputs, outputs });
      const given = ports.map(({ name }) => inputs[name]);
      const results = [taps.apply(given.length === 1 ? given[0] : given, { training: false })].flat();
      return Object.fromEntries(names.map((name, at) => [name, results[at] as tf.Tensor]));
    },
    dispose: () => void model.dispose(),
  };
};

/** A node of a graph by the name of its first output: `input` for `input:0`. */
const plain = (name: string): string => name.replace(/:\d+$/, '');

/** Operations whose results people compare. */
const USUAL_OPERATIONS =
  /^(?:Relu|Relu6|LeakyRelu|Elu|Selu|Sigmoid|Tanh|Add|AddV2|Mean|Softmax|_Fused|Fused(?:Conv|Depth|Mat))/;
/** Operations that are no layers: of shapes, and what is constant. */
const NO_LAYERS = /^(?:Const|Placeholder|Shape|StridedSlice|Pack|Identity|NoOp|Cast|ExpandDims)/;

interface GraphNodes {
  readonly executor: {
    readonly graph: {
      readonly nodes: Readonly<Record<string, { readonly op: string; readonly name: string }>>;
    };
  };
}

const loadGraph = async (
  { modelTopology, weightSpecs, weightData, signature }: TfjsModel,
  path: string,
): Promise<Loaded> => {
  const { loadGraphModelSync } = await import('@tensorflow/tfjs-converter');
  const model = loadGraphModelSync({
    modelTopology,
    weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
    weightData,
    ...(signature === undefined ? {} : { signature }),
  });
  const nodes = Object.values((model as unknown as GraphNodes).executor.graph.nodes);
  const layers = nodes.flatMap(({ op, name }) => (NO_LAYERS.test(op) ? [] : [name]));
  const ends = new Set(model.outputNodes.map(plain));
  const usual = nodes.flatMap(({ op, name }) =>
    layers.includes(name) && (USUAL_OPERATIONS.test(op) || ends.has(name)) ? [name] : [],
  );
  const ports = model.inputs.map(({ name, shape, dtype }) => ({
    name: plain(name),
    shape: shape ?? [],
    dtype,
  }));
  return {
    inputs: Object.fromEntries(
      ports.map(({ name, shape, dtype }) => [name, inputSpec(shape, dtype, name, path)]),
    ),
    layers,
    usual,
    run: (inputs, names) => {
      const given = Object.fromEntries(ports.map(({ name }) => [name, inputs[name]]));
      const results = [model.execute(given, [...names])].flat();
      return Object.fromEntries(names.map((name, at) => [name, results[at]]));
    },
    dispose: () => model.dispose(),
  };
};
