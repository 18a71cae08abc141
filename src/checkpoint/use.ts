/** The node of an ONNX graph that a tensor goes into. */
export interface OnnxUse {
  readonly by: 'ONNX';
  /** As the node spells it: `Conv`, `LSTM`. */
  readonly operator: string;
  /** Which input of the node it is, from 0. */
  readonly input: number;
}

/** The layer of Keras that a variable belongs to. */
export interface KerasUse {
  readonly by: 'Keras';
  /** As Keras spells classes in paths: `depthwise_conv2d`, `gru_cell`. */
  readonly className: string;
  /** Of the layer around it, such as the attention that a projection is part of; else empty. */
  readonly outer: string;
  /** What its owner is called: `query`. */
  readonly owner: string;
  /** `kernel`, `bias`, `recurrent_kernel`. */
  readonly variable: string;
  /** Of an EinsumDense: `ab,bc->ac`. */
  readonly equation?: string;
  /** How the layer is quantised, where the configuration says so: `int8`, `int4`. */
  readonly mode?: string;
}

/** What a tensor is used for, as the file itself says: a fact, where a name is only a hint. */
export type TensorUse = OnnxUse | KerasUse;
