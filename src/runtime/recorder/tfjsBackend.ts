import * as tf from '@tensorflow/tfjs-core';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
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
};

type TensorType = 'float32' | 'int32' | 'bool';

/**
 * A tfjs backend whose kernels emit graph nodes instead of computing. tfjs differentiates on top of it, so the
 * result is the whole training step.
 */
class RecorderBackend extends tf.KernelBackend {
  private values = new WeakMap<object, Value>();
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
    const value = this.values.get(info.dataId);
    if (value === undefined) throw new Error('a tensor from outside of the recording was used');
    if (!sameShape(value.shape, info.shape)) {
      throw new Error(`recorded as [${value.shape.join()}], used as [${info.shape.join()}]`);
    }
    return value;
  }

  override write(values: tf.BackendValues, extents: number[], dtype: tf.DataType): object {
    return this.hold(this.active.fromHost(values as Float32Array, extents, dtype as TensorType));
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
      const result = record(
        backend.active,
        infos.map((info) => backend.held(info)),
        (attrs ?? {}) as Attributes,
      );
      return Array.isArray(result) ? result.map(tensorInfo) : tensorInfo(result);
    },
  });
}

let registered = false;
function ensureRegistered(): void {
  if (registered) return;
  registered = true;
  for (const [name, definition] of Object.entries(KERNELS)) register(name, definition);
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
  backend.recording = recording;
  try {
    return tf.tidy(() => body() as tf.TensorContainer) as T;
  } finally {
    backend.recording = null;
    if (former !== undefined && former !== RECORDER) void tf.setBackend(former);
  }
}
