/** The node of an ONNX graph that takes a tensor. */
export interface OnnxUse {
  readonly by: 'ONNX';
  /** Operator as the node writes it: `Conv`, `LSTM`. */
  readonly operator: string;
  /** Index of the input of the node, from 0. */
  readonly input: number;
}

/** The layer of Keras that a variable belongs to. */
export interface KerasUse {
  readonly by: 'Keras';
  /** Class name as Keras writes it in paths: `depthwise_conv2d`, `gru_cell`. */
  readonly className: string;
  /** Class of the layer around it, such as the attention that a projection is part of; else empty. */
  readonly outer: string;
  /** Name of its owner: `query`. */
  readonly owner: string;
  /** `kernel`, `bias`, `recurrent_kernel`. */
  readonly variable: string;
  /** Equation of an EinsumDense: `ab,bc->ac`. */
  readonly equation?: string;
  /** How the layer is quantised, if the configuration says so: `int8`, `int4`. */
  readonly mode?: string;
}

/** What a tensor is used for according to the file itself: a fact, whereas a name is only a hint. */
export type TensorUse = OnnxUse | KerasUse;
