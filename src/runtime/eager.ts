import * as tf from '@tensorflow/tfjs-core';
import type { Arrays, Backend, InputSpec, Program, TensorFunction, Tensors } from './program.ts';
import { int32, type TensorData } from './tensorData.ts';

/** float64 values are computed in float32: eager tfjs has no doubles. */
function toTensor(value: TensorData): tf.Tensor {
  const shape = [...value.shape];
  if (value.dtype === 'int32') return tf.tensor(value.data as Int32Array, shape, 'int32');
  const data = value.dtype === 'float64' ? Float32Array.from(value.data) : (value.data as Float32Array);
  return tf.tensor(data, shape, 'float32');
}

function fromTensor(tensor: tf.Tensor, double: boolean): TensorData {
  const shape = tensor.shape;
  const data = tensor.dataSync();
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
    for (const [name, tensor] of Object.entries(outputs)) result[name] = fromTensor(tensor, this.double);
    tf.dispose([...before, ...Object.values(outputs)]);
    return result;
  }

  async dispose(): Promise<void> {}
}

/** Runs every op as it is called, on the tfjs backend named `engine` (`cpu`: pure JavaScript; `tensorflow`: tfjs-node). */
export async function openEagerBackend(engine = 'cpu', reason = 'asked for'): Promise<Backend> {
  if (engine === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  // Outside production mode, tfjs prints advice that is wrong for us.
  tf.enableProdMode();
  return {
    kind: engine === 'cpu' ? 'eager' : `eager-${engine}`,
    reason: `eager tfjs (${engine}): ${reason}`,
    threads: 1,
    compile: async (fn, inputs, options) =>
      new EagerProgram(engine, fn, inputs, options?.precision === 'float64'),
  };
}
