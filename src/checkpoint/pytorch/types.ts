import { PickleGlobal, type PickleValue } from '../pickle/value.ts';
import type { ElementType } from '../tensor.ts';

/** An element type of PyTorch: `float32`. */
export interface PytorchType {
  /** Name in PyTorch, without `torch.`. */
  readonly name: string;
  readonly bytes: number;
  /** What its values are read as; absent if they are listed but not read. */
  readonly element?: ElementType;
}

const same = (name: ElementType, bytes: number): PytorchType => ({ name, bytes, element: name });

const TYPES: readonly PytorchType[] = [
  same('float64', 8),
  same('float32', 4),
  same('float16', 2),
  same('bfloat16', 2),
  same('float8_e4m3fn', 1),
  same('float8_e4m3fnuz', 1),
  same('float8_e5m2', 1),
  same('float8_e5m2fnuz', 1),
  same('float8_e8m0fnu', 1),
  same('int64', 8),
  same('int32', 4),
  same('int16', 2),
  same('int8', 1),
  same('uint64', 8),
  same('uint32', 4),
  same('uint16', 2),
  same('uint8', 1),
  same('bool', 1),
  { name: 'complex32', bytes: 4 },
  { name: 'complex64', bytes: 8 },
  { name: 'complex128', bytes: 16 },
  { name: 'qint8', bytes: 1 },
  { name: 'quint8', bytes: 1 },
  { name: 'qint32', bytes: 4 },
  { name: 'quint4x2', bytes: 1 },
  { name: 'quint2x4', bytes: 1 },
];

const BY_NAME = new Map(TYPES.map((type) => [type.name, type]));

/** Storage classes that are not named after their element type, and other names of element types. */
const SPELLINGS = new Map([
  ['double', 'float64'],
  ['float', 'float32'],
  ['half', 'float16'],
  ['long', 'int64'],
  ['int', 'int32'],
  ['short', 'int16'],
  ['char', 'int8'],
  ['byte', 'uint8'],
  ['untyped', 'uint8'],
  ['complexfloat', 'complex64'],
  ['complexdouble', 'complex128'],
  ['cfloat', 'complex64'],
  ['cdouble', 'complex128'],
  ['chalf', 'complex32'],
]);

/** Type of a dtype such as `torch.float32`; undefined for anything else. */
export const dtypeOf = (value: PickleValue | undefined): PytorchType | undefined => {
  if (!(value instanceof PickleGlobal) || value.module !== 'torch') return undefined;
  return BY_NAME.get(SPELLINGS.get(value.name) ?? value.name);
};

/** Type of a storage class such as `torch.FloatStorage` or `torch.cuda.HalfStorage`; undefined for anything else. */
export const storageTypeOf = (value: PickleValue | undefined): PytorchType | undefined => {
  if (!(value instanceof PickleGlobal) || !value.name.endsWith('Storage')) return undefined;
  const stem = value.name.slice(0, -'Storage'.length).toLowerCase();
  return BY_NAME.get(SPELLINGS.get(stem) ?? stem);
};
