import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-common';
import { GraphBuilder } from './onnx/graphBuilder.ts';
import { encodeModel } from './onnx/model.ts';
import { fromOnnx, OnnxProgram, type OnnxRuntime, toOnnx } from './onnxProgram.ts';
import type { Arrays, Backend, CompileOptions, InputSpec, Stepper } from './program.ts';
import { type RecordedProgram, record } from './recorder/record.ts';

/** WebGPU of ONNX Runtime: in onnxruntime-node it runs on Vulkan, Metal or Direct3D, so on a GPU of any maker. */

/** Many GPUs bind no larger buffer. */
const LARGEST_WINDOWS = 128 * 2 ** 20;

const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['webgpu'],
  graphOptimizationLevel: 'all',
  // What it refuses is thrown.
  logSeverityLevel: 4,
  // An operator that the GPU does not have would be computed on the CPU, and all that it needs copied there and back.
  extra: { session: { disable_cpu_ep_fallback: '1' } },
};

type Specs = Record<string, InputSpec>;

/** A graph that returns its inputs: it copies them between memory and the GPU. */
function copies(carried: readonly string[], inputs: Specs): Uint8Array {
  const graph = new GraphBuilder();
  for (const name of carried) graph.input(name, inputs[name].dtype, inputs[name].shape);
  for (const name of carried) graph.output(outputOf(name), name, inputs[name].dtype, inputs[name].shape);
  return encodeModel(graph.finish('copies'));
}

const outputOf = (name: string): string => `${name}:out`;

/** A stepper whose carried values are on the GPU. */
class WebGpuStepper implements Stepper {
  private current: Record<string, OnnxTensor> = {};

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    private readonly recorded: RecordedProgram,
    private readonly carried: ReadonlySet<string>,
    private readonly reader: InferenceSession,
  ) {}

  /** They move to the GPU with the next run. */
  async write(values: Arrays): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      this.current[name]?.dispose();
      this.current[name] = toOnnx(this.runtime, { ...value, data: value.data.slice() }, false);
    }
  }

  async run(inputs: Arrays): Promise<Arrays> {
    const feeds = { ...this.current };
    for (const [name, value] of Object.entries(inputs)) feeds[name] = toOnnx(this.runtime, value, false);
    const results = await this.session.run(feeds);
    const outputs: Arrays = {};
    for (const { name, port } of this.recorded.outputs) {
      const tensor = results[port] as OnnxTensor;
      if (this.carried.has(name)) {
        this.current[name].dispose();
        this.current[name] = tensor;
      } else outputs[name] = fromOnnx(tensor);
    }
    return outputs;
  }

  async read(): Promise<Arrays> {
    const results = await this.reader.run(this.current);
    return Object.fromEntries(
      [...this.carried].map((name) => [name, fromOnnx(results[outputOf(name)] as OnnxTensor)]),
    );
  }

  async dispose(): Promise<void> {
    for (const tensor of Object.values(this.current)) tensor.dispose();
    await this.session.release();
    await this.reader.release();
  }
}

const recordOptions = (options: CompileOptions) => ({
  largestWindows: LARGEST_WINDOWS,
  ...options,
  operators: 'webgpu' as const,
});

/** What ONNX Runtime says begins with a place in its source and the condition that was not met there. */
function withoutPlace(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  return new Error(text.split(' was false. ').at(-1), { cause: error });
}

/** @throws if there is no GPU that WebGPU can use; that shows only when a graph is run. */
export async function openWebGpu(runtime: OnnxRuntime): Promise<Backend> {
  const create = (model: Uint8Array, options: InferenceSession.SessionOptions = {}) =>
    runtime.InferenceSession.create(model, { ...OPTIONS, ...options });
  try {
    const trial = await create(copies(['x'], { x: { shape: [1], dtype: 'float32' } }));
    await trial.run({ x: new runtime.Tensor('float32', Float32Array.of(1), [1]) });
    await trial.release();
  } catch (error) {
    throw withoutPlace(error);
  }
  return {
    kind: 'webgpu',
    reason: 'onnxruntime-node on the GPU (WebGPU)',
    threads: 1,
    async compile(fn, inputs, options = {}) {
      const recorded = await record(fn, inputs, recordOptions(options));
      return new OnnxProgram(runtime, await create(recorded.model), recorded);
    },
    async compileStepper(fn, inputs, carried, options = {}) {
      const recorded = await record(fn, inputs, recordOptions(options));
      const stays = new Set(carried);
      const session = await create(recorded.model, {
        preferredOutputLocation: Object.fromEntries(
          recorded.outputs.map(({ name, port }) => [port, stays.has(name) ? 'gpu-buffer' : 'cpu'] as const),
        ),
      });
      return new WebGpuStepper(runtime, session, recorded, stays, await create(copies(carried, inputs)));
    },
  };
}
