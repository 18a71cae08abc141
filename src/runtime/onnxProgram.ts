import type { InferenceSession, Tensor as OnnxTensor, TensorConstructor } from 'onnxruntime-common';
import type { Arrays, Backend, CompileOptions, InputSpec, Program, TensorFunction } from './program.ts';
import { type RecordedProgram, record } from './recorder/record.ts';
import type { TensorData } from './tensorData.ts';

/** The part of onnxruntime that both of its packages share. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** The data in the form that the graph needs: doubles if the program computes in double precision. */
function toOnnx(runtime: OnnxRuntime, value: TensorData, double: boolean): OnnxTensor {
  const shape = [...value.shape];
  if (value.dtype === 'int32') return new runtime.Tensor('int32', value.data as Int32Array, shape);
  if (double) {
    const data = value.dtype === 'float64' ? (value.data as Float64Array) : Float64Array.from(value.data);
    return new runtime.Tensor('float64', data, shape);
  }
  const data = value.dtype === 'float32' ? (value.data as Float32Array) : Float32Array.from(value.data);
  return new runtime.Tensor('float32', data, shape);
}

/** Read by onnxruntime-node; WebAssembly ignores it. */
const NO_SPINNING = { session: { intra_op: { allow_spinning: '0' } } };

class OnnxProgram implements Program {
  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    private readonly recorded: RecordedProgram,
    private readonly double: boolean,
  ) {}

  async run(arrays: Arrays): Promise<Arrays> {
    const feeds: Record<string, OnnxTensor> = {};
    for (const name of this.session.inputNames) feeds[name] = toOnnx(this.runtime, arrays[name], this.double);
    const results = await this.session.run(feeds);
    const outputs: Arrays = {};
    for (const { name, port } of this.recorded.outputs) {
      const tensor = results[port];
      outputs[name] = {
        dtype: tensor.type as TensorData['dtype'],
        shape: tensor.dims,
        data: tensor.data as Float32Array,
      };
    }
    return outputs;
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

export function openOnnxBackend(
  runtime: OnnxRuntime,
  description: Pick<Backend, 'kind' | 'reason' | 'threads'>,
  sessionOptions: InferenceSession.SessionOptions = {},
): Backend {
  return {
    ...description,
    async compile(
      fn: TensorFunction,
      inputs: Record<string, InputSpec>,
      options: CompileOptions = {},
    ): Promise<Program> {
      const recorded = await record(fn, inputs, options);
      const session = await runtime.InferenceSession.create(recorded.model, {
        graphOptimizationLevel: 'all',
        intraOpNumThreads: description.threads,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        ...(options.takesTurns ? { extra: NO_SPINNING } : {}),
        ...sessionOptions,
      });
      return new OnnxProgram(runtime, session, recorded, options.precision === 'float64');
    },
  };
}
