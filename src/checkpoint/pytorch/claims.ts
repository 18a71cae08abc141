import { inputFault, shown } from '../../protocol/index.ts';
import { PickleReference, type PickleValue } from '../pickle/value.ts';
import { elementCount } from '../tensor.ts';
import type { PytorchType } from './types.ts';
import { type PytorchStorage, type PytorchView, viewSpan } from './view.ts';

/** What the persistent ids of a file refer to. */
export interface PytorchReferences {
  storage(reference: PickleReference): PytorchStorage;
  /** Only the oldest format has whole tensors outside its pickle. */
  tensor?(reference: PickleReference): PytorchView | undefined;
}

/** Context for reading a call that rebuilds a tensor. */
export interface RebuildContext {
  readonly references: PytorchReferences;
  /** Where the pickle is. */
  readonly where: string;
  /** Depth of enclosing calls. */
  readonly depth: number;
}

/** PyTorch's own limit is 64 axes. */
const MAX_AXES = 64;
const REMEDY = 'The file is damaged: fetch or save it again';

const naturals = (value: PickleValue | undefined, what: string, where: string): number[] => {
  if (!Array.isArray(value)) throw inputFault(`has a tensor whose ${what} is not a list`, where, REMEDY);
  if (value.length > MAX_AXES) {
    throw inputFault(`has a tensor of ${value.length} axes, above the limit of ${MAX_AXES}`, where, REMEDY);
  }
  for (const item of value) natural(item, what, where);
  return value as number[];
};

const natural = (value: PickleValue | undefined, what: string, where: string): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const wrong = isNumber ? `${value}`.slice(0, 40) : 'something else than a number';
  throw inputFault(`has a tensor with ${wrong} as its ${what}`, where, REMEDY);
};

const packedStride = (shape: readonly number[]): number[] => {
  const stride: number[] = [];
  for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
    stride.unshift(step);
    step *= shape[axis];
  }
  return stride;
};

/** A tensor that is listed by its shape only. */
export const shapeOnly = (
  size: PickleValue | undefined,
  dtype: PytorchType | undefined,
  unreadable: string,
  { where }: RebuildContext,
): PytorchView => {
  const shape = size === undefined ? [] : naturals(size, 'shape', where);
  if (elementCount(shape) === null) throw tooLarge(shape, where);
  return { shape, stride: packedStride(shape), offset: 0, dtype: dtype ?? null, unreadable };
};

const tooLarge = (shape: readonly number[], where: string) =>
  inputFault(`has a tensor of shape [${shape.join(', ')}], too large for any file`, where, REMEDY);

/** Few tensors repeat their elements (an expanded mask); one that repeats them too often is not read. */
const MAX_REPEATED = 2 ** 24;

const whyUnreadable = (count: number, dtype: PytorchType, storage: PytorchStorage, metadata: PickleValue) => {
  if (dtype.element === undefined) return `is ${dtype.name}, which is not read here`;
  if (metadata instanceof Map && (metadata.get('conj') === true || metadata.get('neg') === true)) {
    return 'is a conjugated or negated view, which is not read here';
  }
  const stored = Math.floor(storage.bytes / dtype.bytes);
  return count > Math.max(stored, MAX_REPEATED)
    ? `repeats ${stored} stored values ${count} times`
    : undefined;
};

/** Checks the claims of a tensor against its storage, as every reader of the format must. */
export const viewOf = (
  [reference, offsetArg, size, strideArg]: readonly PickleValue[],
  dtypeArg: PytorchType | undefined,
  metadata: PickleValue,
  { references, where }: RebuildContext,
): PytorchView => {
  if (!(reference instanceof PickleReference))
    throw inputFault('has a tensor without a storage', where, REMEDY);
  const storage = references.storage(reference);
  const dtype = dtypeArg ?? storage.type;
  const offset = natural(offsetArg, 'offset', where);
  const shape = naturals(size, 'shape', where);
  const stride = naturals(strideArg, 'stride', where);
  if (shape.length !== stride.length) {
    throw inputFault(`has a tensor of ${shape.length} axes with ${stride.length} strides`, where, REMEDY);
  }
  const count = elementCount(shape);
  if (count === null) throw tooLarge(shape, where);
  const end = offset + viewSpan({ shape, stride });
  if (count > 0 && !(end * dtype.bytes <= storage.bytes)) {
    const claim = `elements ${offset} to ${end} of storage ${shown(storage.key)}`;
    const what = `has a tensor made of ${claim}, which has ${Math.floor(storage.bytes / dtype.bytes)}`;
    throw inputFault(what, where, REMEDY);
  }
  const unreadable = whyUnreadable(count, dtype, storage, metadata);
  return { shape, stride, offset, dtype, storage, ...(unreadable === undefined ? {} : { unreadable }) };
};
