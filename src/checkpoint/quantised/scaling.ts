/** How several 4-bit codes are packed in one stored integer, from the low bits up. */
export type PackedCodes = 'e2m1' | 'uint4';

/**
 * How stored numbers become values: `(number - zero) * scale`, with the tables broadcast over the stored tensor. Some
 * formats (ONNX, Keras) state it with the tensor; elsewhere it follows from the names of tensors.
 */
export interface Scaling {
  /** Name of the scheme, for people: `compressed-tensors`. */
  readonly scheme: string;
  /** Names of the tables, which are tensors of the same checkpoint. */
  readonly scale: string;
  readonly zero?: string;
  /** A scale of the scales: one number. With `over`, divide by it. */
  readonly factor?: { readonly tensor: string; readonly over?: true };
  /** Another constant factor. */
  readonly constant?: number;
  /** The zero if no tensor contains it. */
  readonly constantZero?: number;
  /** The values are the numbers divided by the scale. */
  readonly divides?: true;
  /** The scale's bytes are exponents of two (E8M0 of the OCP Microscaling formats), stored as integers. */
  readonly exponents?: true;
  readonly packed?: PackedCodes;
  /** Two zeros per byte; each row starts at a whole byte. */
  readonly packedZero?: true;
  /** The shape of the values, if it differs from that of the stored tensor; likewise for the table. */
  readonly shape?: readonly number[];
  readonly tableShape?: readonly number[];
  /** The axis that a table of one axis belongs to; the first by default. */
  readonly axis?: number;
  /** Number of neighbours along one axis that share a table entry. */
  readonly block?: { readonly axis: number; readonly size: number };
  /** Why it is not read, if the layout is known but unsupported. */
  readonly refused?: string;
  /** A tensor with one number that must have this value: any other means an unsupported layout. */
  readonly condition?: { readonly tensor: string; readonly value: number; readonly otherwise: string };
}
