/** How the codes of several numbers lie in one stored integer: of 4 bits, from the low ones up. */
export type PackedCodes = 'e2m1' | 'uint4';

/**
 * How stored numbers become values: `(number - zero) * scale`, the tables spread over the stored tensor. A format that
 * says so itself (ONNX, Keras) states it with the tensor; elsewhere the names of tensors tell.
 */
export interface Scaling {
  /** Who writes it so, for people: `compressed-tensors`. */
  readonly scheme: string;
  /** Names of the tables, which are tensors of the same checkpoint. */
  readonly scale: string;
  readonly zero?: string;
  /** A scale of the scales: one number. `over` divides by it. */
  readonly factor?: { readonly tensor: string; readonly over?: true };
  /** Another constant factor. */
  readonly constant?: number;
  /** The zero where no tensor holds it. */
  readonly constantZero?: number;
  /** The values are the numbers divided by the scale. */
  readonly divides?: true;
  /** The scale's bytes are exponents of two (E8M0 of the OCP Microscaling formats), kept as integers. */
  readonly exponents?: true;
  readonly packed?: PackedCodes;
  /** The zeros are two to a byte, each row of them in whole bytes. */
  readonly packedZero?: true;
  /** The shape of the values, where it is not that of the stored tensor; and of the table, likewise. */
  readonly shape?: readonly number[];
  readonly tableShape?: readonly number[];
  /** The axis that a table of one axis belongs to; the first, unless said. */
  readonly axis?: number;
  /** Neighbours that share an entry of the table, along one axis. */
  readonly block?: { readonly axis: number; readonly size: number };
  /** Why it is not read, where the layout is known and not read here. */
  readonly refused?: string;
  /** A tensor of one number that has to be this one: another tells of a layout that is not read here. */
  readonly condition?: { readonly tensor: string; readonly value: number; readonly otherwise: string };
}
