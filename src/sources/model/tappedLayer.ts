import type { Axis, TokenPooling } from '../../experiment/index.ts';
import type { ModelArray, ModelPort, OnnxFile } from '../../runtime/index.ts';
import type { ImagePreparation } from './modelInputs.ts';

/** A layer of a model as a tensor of its graph, and how that becomes one vector for each sample. */
export interface TappedLayer extends OnnxFile {
  readonly name: string;
  readonly tensor: string;
  /** Of its elements, as ONNX Runtime calls it. */
  readonly type: string;
  readonly axes: readonly Axis[];
  /** Null for a tensor without tokens. */
  readonly pooling: TokenPooling | null;
  readonly dimensions: number;
  /** The inputs of the model. */
  readonly ports: readonly ModelPort[];
  /** The input that tells its tokens from padding. */
  readonly mask: string | null;
  readonly images: ImagePreparation | null;
  /** What the layer is for the first samples. */
  firstSamples(): Promise<FirstSamples>;
}

interface FirstSamples {
  /** By input: as the model takes them, but images as they are decoded. */
  readonly given: Readonly<Record<string, ModelArray>>;
  /** [samples, dimensions]; a model with a fixed number of samples may be given more. */
  readonly rows: Float32Array;
}
