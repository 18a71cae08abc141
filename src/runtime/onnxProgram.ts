import type { InferenceSession, Tensor as OnnxTensor, TensorConstructor } from 'onnxruntime-common';
import { channelBlockOf } from './channelBlock.ts';
import { OnnxStepper } from './onnxStepper.ts';
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

/** The data in the form that the graph needs: doubles if the program computes in double precision. Shares its memory if it can. */
export function toOnnx(runtime: OnnxRuntime, value: TensorData, double: boolean): OnnxTensor {
  const shape = [...value.shape];
  if (value.dtype === 'int32') return new runtime.Tensor('int32', value.data as Int32Array, shape);
  if (double) {
    const data = value.dtype === 'float64' ? (value.data as Float64Array) : Float64Array.from(value.data);
    return new runtime.Tensor('float64', data, shape);
  }
  const data = value.dtype === 'float32' ? (value.data as Float32Array) : Float32Array.from(value.data);
  return new runtime.Tensor('float32', data, shape);
}

/** Shares the memory of the tensor. */
export const fromOnnx = (tensor: OnnxTensor): TensorData => ({
  dtype: tensor.type as TensorData['dtype'],
  shape: tensor.dims,
  data: tensor.data as Float32Array,
});

/** A recorded program in a session of ONNX Runtime. */
export class OnnxProgram implements Program {
  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    private readonly recorded: RecordedProgram,
    private readonly double = false,
  ) {}

  async run(arrays: Arrays): Promise<Arrays> {
    const feeds: Record<string, OnnxTensor> = {};
    for (const name of this.session.inputNames) feeds[name] = toOnnx(this.runtime, arrays[name], this.double);
    const results = await this.session.run(feeds);
    return Object.fromEntries(
      this.recorded.outputs.map(({ name, port }) => [name, fromOnnx(results[port] as OnnxTensor)]),
    );
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

/** Read by onnxruntime-node; WebAssembly ignores it. */
const NO_SPINNING = { session: { intra_op: { allow_spinning: '0' } } };

/** The backend of ONNX Runtime on the processor. */
export function openOnnxBackend(
  runtime: OnnxRuntime,
  description: Pick<Backend, 'kind' | 'reason' | 'threads'>,
  sessionOptions: InferenceSession.SessionOptions = {},
): Backend {
  let block: Promise<number | undefined> | undefined;
  const open = async (
    fn: TensorFunction,
    inputs: Record<string, InputSpec>,
    options: CompileOptions,
  ): Promise<[InferenceSession, RecordedProgram]> => {
    block ??= description.kind === 'native' ? channelBlockOf(runtime) : Promise.resolve(undefined);
    const recorded = await record(fn, inputs, { ...options, channelBlock: await block });
    const session = await runtime.InferenceSession.create(recorded.model, {
      graphOptimizationLevel: 'all',
      intraOpNumThreads: description.threads,
      interOpNumThreads: 1,
      // The pattern is a second arena, of the size of all that a run holds at once: twice the memory for a few per cent of time.
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(options.takesTurns ? { extra: NO_SPINNING } : {}),
      ...sessionOptions,
    });
    return [session, recorded];
  };
  return {
    ...description,
    async compile(fn, inputs, options = {}) {
      return new OnnxProgram(runtime, ...(await open(fn, inputs, options)), options.precision === 'float64');
    },
    async compileStepper(fn, inputs, carried, options = {}) {
      // onnxruntime-web returns such tensors unchanged.
      const writesInPlace = description.kind === 'native';
      return new OnnxStepper(runtime, ...(await open(fn, inputs, options)), carried, writesInPlace);
    },
  };
}
