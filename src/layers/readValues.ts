import { type Checkpoint, elementCount, type NumericArray, type ReadRange } from '../checkpoint/index.ts';

/** Values of a tensor read at a time. */
export const PIECE_VALUES = 2 ** 22;

/** The values of a whole tensor in file order, piece by piece. */
export async function* piecesOf(read: ReadRange, shape: readonly number[]): AsyncGenerator<NumericArray> {
  const count = elementCount(shape) as number;
  for (let at = 0; at < count; at += PIECE_VALUES) yield await read(at, Math.min(count, at + PIECE_VALUES));
}

const emptyLike = (values: NumericArray, length: number): NumericArray =>
  new (values.constructor as new (length: number) => NumericArray)(length);

/** Whether a tensor is read piece by piece: then its stored form is never in memory as a whole. */
export const isReadInPieces = (checkpoint: Checkpoint, name: string): boolean => {
  const { shape, unreadable } = checkpoint.tensors.get(name)!;
  if (unreadable !== undefined || (elementCount(shape) ?? 0) <= PIECE_VALUES) return false;
  return (checkpoint.ranges?.(name) ?? null) !== null;
};

/** The values of a tensor; for a large one, without a copy in stored form if the format allows it. */
export const readValues = async (checkpoint: Checkpoint, name: string): Promise<NumericArray> => {
  if (!isReadInPieces(checkpoint, name)) return (await checkpoint.read(name)).data;
  const { shape } = checkpoint.tensors.get(name)!;
  let values: NumericArray | undefined;
  let at = 0;
  for await (const piece of piecesOf(checkpoint.ranges!(name)!, shape)) {
    values ??= emptyLike(piece, elementCount(shape) as number);
    values.set(piece, at);
    at += piece.length;
  }
  return values!;
};
