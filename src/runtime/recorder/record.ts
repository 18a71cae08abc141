import { type ElementType, encodeModel } from '../onnx/model.ts';
import type { CompileOptions, InputSpec, TensorFunction, Tensors } from '../program.ts';
import { type Operators, Recording } from './recording.ts';
import { recordedValue, tensorOf, whileRecording } from './tfjsBackend.ts';

export interface RecordOptions extends CompileOptions {
  /** Default: all that ONNX Runtime has on the CPU. */
  readonly operators?: Operators;
  /** Channels in a block of the runtime's blocked convolution: see `channelBlockOf`. Default: none. */
  readonly channelBlock?: number;
  /** Compute what is done with known integers while it is recorded, on the CPU backend of tfjs. Default: record it. */
  readonly computesShapes?: boolean;
  /** Inputs that become constants of the graph. */
  readonly constants?: Readonly<Record<string, ArrayLike<number>>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly name?: string;
}

interface RecordedOutput {
  /** Name in the function's result. */
  readonly name: string;
  /** Name in the graph: the same, unless an input has it. */
  readonly port: string;
  readonly type: ElementType;
}

export interface RecordedProgram {
  /** A serialised ONNX ModelProto. */
  readonly model: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly RecordedOutput[];
}

const DYNAMIC = 'batch';

/** The extent of the dynamic inputs; all must agree, because one symbol represents them. */
function dynamicExtentOf(inputs: Record<string, InputSpec>, names: readonly string[]): number | undefined {
  const extents = new Set(names.map((name) => inputs[name].shape[0]));
  if (extents.size > 1)
    throw new Error(`dynamic inputs differ in their leading extent: ${[...extents].join()}`);
  return [...extents][0];
}

/** Records a pure function of tensors as one ONNX graph. */
export async function record(
  fn: TensorFunction,
  inputs: Record<string, InputSpec>,
  options: RecordOptions = {},
): Promise<RecordedProgram> {
  const dynamic = new Set(options.dynamicBatch ?? []);
  const dynamicExtent = dynamicExtentOf(inputs, [...dynamic]);
  const recording = new Recording({ ...options, dynamicExtent });
  const symbolic = (shape: readonly number[]) =>
    shape.map((extent) => {
      if (!recording.isDynamic(extent)) return extent;
      return extent === dynamicExtent ? DYNAMIC : `${extent / dynamicExtent!}${DYNAMIC}`;
    });
  const outputs: RecordedOutput[] = [];

  await whileRecording(recording, () => {
    const tensors: Tensors = {};
    for (const [name, spec] of Object.entries(inputs)) {
      const constant = options.constants?.[name];
      const type = recording.elementType(spec.dtype);
      if (constant === undefined)
        recording.graph.input(name, type, dynamic.has(name) ? symbolic(spec.shape) : spec.shape);
      tensors[name] = tensorOf(
        constant === undefined
          ? recording.dense(name, type, spec.shape)
          : recording.fromHost(constant, spec.shape, spec.dtype),
      );
    }
    for (const [name, tensor] of Object.entries(fn(tensors))) {
      const value = recording.materialise(recordedValue(tensor));
      // ONNX booleans are returned as bytes; callers only know float32, float64 and int32.
      const plain = value.type === 'bool' ? recording.cast(value, 'int32') : value;
      const port = name in inputs ? `${name}:out` : name;
      recording.graph.output(port, plain.name, plain.type, symbolic(plain.shape));
      outputs.push({ name, port, type: plain.type });
    }
  });
  const graph = recording.graph.finish(options.name ?? 'program', options.metadata);
  return {
    model: encodeModel(graph),
    inputs: Object.keys(inputs).filter((name) => options.constants?.[name] === undefined),
    outputs,
  };
}
