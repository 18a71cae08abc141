import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, Backend, InputSpec, Program, Stepper, TensorFunction, Tensors } from './program.ts';
import { int32, type TensorData } from './tensorData.ts';

/** float64 values are computed in float32: eager tfjs has no doubles. */
function toTensor(value: TensorData): tf.Tensor {
  const shape = [...value.shape];
  if (value.dtype === 'int32') return tf.tensor(value.data as Int32Array, shape, 'int32');
  const data = value.dtype === 'float64' ? Float32Array.from(value.data) : (value.data as Float32Array);
  return tf.tensor(data, shape, 'float32');
}

async function fromTensor(tensor: tf.Tensor, double = false): Promise<TensorData> {
  const shape = tensor.shape;
  const data = await tensor.data();
  if (tensor.dtype === 'float32') {
    return double
      ? { dtype: 'float64', shape, data: Float64Array.from(data as Float32Array) }
      : { dtype: 'float32', shape, data: Float32Array.from(data as Float32Array) };
  }
  return int32(shape, Int32Array.from(data as Int32Array));
}

class EagerProgram implements Program {
  constructor(
    private readonly engine: string,
    private readonly fn: TensorFunction,
    private readonly inputs: Record<string, InputSpec>,
    private readonly double: boolean,
  ) {}

  async run(arrays: Arrays): Promise<Arrays> {
    await tf.setBackend(this.engine);
    const tensors: Tensors = {};
    for (const name of Object.keys(this.inputs)) tensors[name] = toTensor(arrays[name]);
    const before = new Set(Object.values(tensors));
    const outputs = tf.tidy(() => this.fn(tensors));
    const result: Arrays = {};
    for (const [name, tensor] of Object.entries(outputs))
      result[name] = await fromTensor(tensor, this.double);
    tf.dispose([...before, ...Object.values(outputs)]);
    return result;
  }

  async dispose(): Promise<void> {}
}

/** A stepper whose carried values are tensors of the tfjs backend: on a GPU they stay there. */
class EagerStepper implements Stepper {
  private current: Tensors = {};

  constructor(
    private readonly engine: string,
    private readonly fn: TensorFunction,
    private readonly carried: ReadonlySet<string>,
  ) {}

  async write(values: Arrays): Promise<void> {
    await tf.setBackend(this.engine);
    for (const [name, value] of Object.entries(values)) {
      this.current[name]?.dispose();
      this.current[name] = toTensor(value);
    }
  }

  async run(inputs: Arrays): Promise<Arrays> {
    await tf.setBackend(this.engine);
    const before = { ...this.current };
    for (const [name, value] of Object.entries(inputs)) before[name] = toTensor(value);
    const outputs = tf.tidy(() => this.fn(before));
    const result: Arrays = {};
    const kept = new Set<tf.Tensor>();
    for (const [name, tensor] of Object.entries(outputs)) {
      if (this.carried.has(name)) {
        this.current[name] = tensor;
        kept.add(tensor);
      } else result[name] = await fromTensor(tensor);
    }
    // A function may return what it was given.
    tf.dispose([...Object.values(before), ...Object.values(outputs)].filter((tensor) => !kept.has(tensor)));
    return result;
  }

  async read(): Promise<Arrays> {
    await tf.setBackend(this.engine);
    const entries = Object.entries(this.current);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, tensor]) => [name, await fromTensor(tensor)] as const)),
    );
  }

  async dispose(): Promise<void> {
    tf.dispose(this.current);
  }
}

/** Runs every op as it is called, on the tfjs backend named `engine` (`cpu`: pure JavaScript; `tensorflow`: tfjs-node). */
export async function openEagerBackend(engine = 'cpu', reason = 'asked for'): Promise<Backend> {
  if (engine === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  // Outside production mode, tfjs prints advice that is wrong for us.
  tf.enableProdMode();
  return {
    kind: engine === 'cpu' ? 'eager' : engine,
    reason: `eager tfjs (${engine}): ${reason}`,
    threads: 1,
    compile: async (fn, inputs, options) =>
      new EagerProgram(engine, fn, inputs, options?.precision === 'float64'),
    compileStepper: async (fn, _inputs, carried) => new EagerStepper(engine, fn, new Set(carried)),
  };
}
