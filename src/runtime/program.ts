import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorData } from './tensorData.ts';

export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}
export type Tensors = Record<string, Tensor>;
export type Arrays = Record<string, TensorData>;

/** A pure function of named tensors, written with tfjs-core ops. May use tf.grads inside. */
export type TensorFunction = (inputs: Tensors) => Tensors;

/** A compiled function. `run` may be called any number of times; inputs are only read, outputs are new. */
export interface Program {
  run(inputs: Arrays): Promise<Arrays>;
  dispose(): Promise<void>;
}

/**
 * A compiled function some of whose outputs are inputs of its next run: a training step and its weights. These are carried: they stay where
 * it computes, in memory or on the GPU, and move only when they are written or read.
 */
export interface Stepper {
  /** Puts values in place of carried ones; all of them before the first run. */
  write(values: Arrays): Promise<void>;
  /** One run on the carried values and `inputs`. Returns the outputs that are not carried. */
  run(inputs: Arrays): Promise<Arrays>;
  /** Copies of the carried values. */
  read(): Promise<Arrays>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /** float64 computes every float32 tensor of the function in double precision; feeds and results are then float64. */
  readonly precision?: 'float32' | 'float64';
  /**
   * The leading extent of these inputs may differ in every run (forward passes only). The extent in `inputs` is then
   * only an example; it must not equal any other extent of the model.
   */
  readonly dynamicBatch?: readonly string[];
  /**
   * Convolutions whose gathered windows take more bytes than this use ONNX's own operators instead: slower, but no
   * windows are kept from the forward to the backward pass. Default 256 MiB.
   */
  readonly largestWindows?: number;
  /**
   * The program takes turns with others: its threads sleep between two runs. By default they wait busily for the next run,
   * which is faster for one program that runs again and again, and takes the processor from any other.
   */
  readonly takesTurns?: boolean;
}

export interface Backend {
  /** `native` and `webgpu` (onnxruntime-node), `wasm` (onnxruntime-web), `tensorflow` (tfjs-node-gpu), `eager` (tfjs in JavaScript). */
  readonly kind: string;
  /** One line: which backend runs, and why. */
  readonly reason: string;
  readonly threads: number;
  compile(fn: TensorFunction, inputs: Record<string, InputSpec>, options?: CompileOptions): Promise<Program>;
  /** `carried` names inputs with an output of the same name, shape and type. */
  compileStepper(
    fn: TensorFunction,
    inputs: Record<string, InputSpec>,
    carried: readonly string[],
    options?: CompileOptions,
  ): Promise<Stepper>;
}
