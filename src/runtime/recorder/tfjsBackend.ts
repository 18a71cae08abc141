import * as tf from '@tensorflow/tfjs-core';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { inference } from './inference.ts';
import type { Attributes, Kernel } from './kernel.ts';
import { matrixProducts } from './matrixProduct.ts';
import type { Recording } from './recording.ts';
import { reduction } from './reduction.ts';
import { shape } from './shape.ts';
import { sameShape, type Value } from './value.ts';

const RECORDER = 'pentimento-recorder';

const KERNELS: Readonly<Record<string, Kernel>> = {
  ...elementwise,
  ...matrixProducts,
  ...convolution,
  ...reduction,
  ...shape,
  ...inference,
};

/** Values with their shape and type. */
interface Moved {
  readonly values: tf.BackendValues;
  readonly extents: number[];
  readonly dtype: tf.DataType;
}

/** Operations on shapes: recorded only if what they take is known. */
const ON_SHAPES = ['Prod', 'FloorDiv', 'Mod'];

type TensorType = 'float32' | 'int32' | 'bool';

/** A shape has a few extents. */
const MOST_KNOWN = 64;

/**
 * A tfjs backend whose kernels emit graph nodes instead of computing. tfjs differentiates on top of it, so the
 * result is the whole training step.
 */
class RecorderBackend extends tf.KernelBackend {
  private values = new WeakMap<object, Value>();
  /** Data that other backends had. */
  private readonly moved = new WeakMap<object, Moved>();
  /** What they are in this recording. */
  private constants = new WeakMap<object, Value>();
  /** Integers that are known while it is recorded, such as the extents of a shape. */
  private readonly known = new WeakMap<object, readonly number[]>();
  private live = 0;
  recording: Recording | null = null;

  /** The recording in progress; calling kernels outside of one is a mistake. */
  get active(): Recording {
    if (this.recording === null) throw new Error('no recording is in progress');
    return this.recording;
  }

  hold(value: Value): object {
    const dataId = {};
    this.values.set(dataId, value);
    this.live++;
    return dataId;
  }

  held(info: tf.TensorInfo): Value {
    const value = this.values.get(info.dataId) ?? this.constant(info.dataId);
    if (!sameShape(value.shape, info.shape)) {
      throw new Error(`recorded as [${value.shape.join()}], used as [${info.shape.join()}]`);
    }
    return value;
  }

  override write(values: tf.BackendValues, extents: number[], dtype: tf.DataType): object {
    const dataId = this.hold(this.active.fromHost(values as Float32Array, extents, dtype as TensorType));
    this.remember(dataId, values, dtype);
    return dataId;
  }

  private remember(dataId: object, values: tf.BackendValues, dtype: tf.DataType): void {
    const isShort = dtype === 'int32' && values.length <= MOST_KNOWN;
    if (isShort) this.known.set(dataId, Array.from(values as Int32Array));
  }

  /** The values of a tensor, if they do not depend on the inputs. */
  knownOf({ dataId, dtype }: tf.TensorInfo): readonly number[] | undefined {
    if (dtype === 'int32' && !this.values.has(dataId)) this.constant(dataId);
    return this.known.get(dataId);
  }

  override readSync(dataId: object): tf.BackendValues {
    const values = this.known.get(dataId);
    if (values === undefined) throw new Error('a value that depends on the input decides what is computed');
    return Int32Array.from(values);
  }

  /** A parameter of a model from elsewhere, which is on the backend that loaded it until it is first used here. */
  private constant(dataId: object): Value {
    const known = this.constants.get(dataId);
    if (known !== undefined) return known;
    if (!this.moved.has(dataId)) tf.engine().moveData(this, dataId);
    const { values, extents, dtype } = this.moved.get(dataId)!;
    const value = this.active.fromHost(values as Float32Array, extents, dtype as TensorType);
    this.constants.set(dataId, value);
    return value;
  }

  override move(dataId: object, values: tf.BackendValues, extents: number[], dtype: tf.DataType): void {
    this.moved.set(dataId, { values, extents, dtype });
    this.remember(dataId, values, dtype);
    this.live++;
  }

  /** The values of the recording before are not in this one, but what came from elsewhere is there again. */
  begin(recording: Recording): void {
    this.recording = recording;
    this.constants = new WeakMap();
  }

  override numDataIds(): number {
    return this.live;
  }
  override disposeData(): boolean {
    this.live--;
    return true;
  }
  override incRef(): void {}
  decRef(): void {}
  override refCount(): number {
    return 1;
  }
  override memory() {
    return { unreliable: true };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
}

const backend = new RecorderBackend();

const dtypeOf = (value: Value): tf.DataType =>
  value.type === 'float64' ? 'float32' : (value.type as tf.DataType);

function tensorInfo(value: Value): tf.TensorInfo {
  return { dataId: backend.hold(value), shape: [...value.shape], dtype: dtypeOf(value) };
}

function register(name: string, { inputs: names, record }: Kernel): void {
  tf.registerKernel({
    kernelName: name,
    backendName: RECORDER,
    kernelFunc: ({ inputs, attrs }) => {
      const given = inputs as Record<string, tf.TensorInfo>;
      const infos = names === null ? Object.values(given) : names.map((input) => given[input]);
      const computed = computedNow(name, inputs as Record<string, tf.TensorInfo>, attrs);
      if (computed !== null) return computed;
      const result = record(
        backend.active,
        // An input of a fused kernel may be missing.
        infos.map((info) => (info == null ? (undefined as never) : backend.held(info))),
        (attrs ?? {}) as Attributes,
      );
      return Array.isArray(result) ? result.map(tensorInfo) : tensorInfo(result);
    },
  });
}

/**
 * The result of a kernel on known integers, computed on the CPU: models from elsewhere calculate shapes from the shape of their input.
 * Null for all others.
 */
function computedNow(
  name: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attrs: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] | null {
  if (!backend.active.computesShapes) return null;
  const infos = Object.values(inputs).filter((info) => info != null);
  const values = infos.map((info) => backend.knownOf(info));
  if (infos.length === 0 || values.some((own) => own === undefined)) return null;
  const kernel = tf.getKernel(name, 'cpu') as tf.KernelConfig | undefined;
  const cpu = tf.findBackend('cpu') as tf.KernelBackend | null;
  if (kernel === undefined || cpu === null) return null;
  const onCpu = (info: tf.TensorInfo): tf.TensorInfo => ({
    ...info,
    dataId: cpu.write(Int32Array.from(backend.knownOf(info)!), info.shape, info.dtype),
  });
  // Some kernels take a list.
  const moved = Array.isArray(inputs)
    ? infos.map(onCpu)
    : Object.fromEntries(
        Object.entries(inputs).map(([input, info]) => [input, info == null ? info : onCpu(info)]),
      );
  const results = kernel.kernelFunc({ inputs: moved as tf.NamedTensorInfoMap, attrs, backend: cpu });
  const recorded = [results].flat().map(({ dataId, shape, dtype }) => ({
    dataId: backend.write(cpu.readSync(dataId), shape, dtype),
    shape,
    dtype,
  }));
  return Array.isArray(results) ? recorded : recorded[0];
}

let registered = false;
function ensureRegistered(): void {
  if (registered) return;
  registered = true;
  for (const [name, definition] of Object.entries(KERNELS)) register(name, definition);
  for (const name of ON_SHAPES) {
    register(name, {
      inputs: null,
      record: () => {
        throw new Error(`Kernel '${name}' not registered`);
      },
    });
  }
  tf.registerBackend(RECORDER, () => backend, 0);
}

/** A tfjs tensor that represents a graph value. */
export function tensorOf(value: Value): tf.Tensor {
  const info = tensorInfo(value);
  return tf
    .engine()
    .makeTensorFromTensorInfo(
      info as Parameters<ReturnType<typeof tf.engine>['makeTensorFromTensorInfo']>[0],
    );
}

/** The graph value behind a tensor of the recording. */
export function recordedValue(tensor: tf.Tensor): Value {
  return backend.held(tensor);
}

/** Runs `body` with tfjs on the recorder and restores the previous tfjs backend. Synchronous, so nothing interleaves. */
export async function whileRecording<T>(recording: Recording, body: () => T): Promise<T> {
  ensureRegistered();
  const former = tf.engine().backendName;
  await tf.setBackend(RECORDER);
  // Other code may have switched tfjs while this code waited; from here on nothing waits.
  if (tf.engine().backendName !== RECORDER) await tf.setBackend(RECORDER);
  backend.begin(recording);
  try {
    return tf.tidy(() => body() as tf.TensorContainer) as T;
  } finally {
    backend.recording = null;
    if (former !== undefined && former !== RECORDER) void tf.setBackend(former);
  }
}
