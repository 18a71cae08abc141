import { type Fault, inputFault, shown } from '../../protocol/index.ts';
import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import type { Checkpoint, TensorEntry } from '../checkpoint.ts';
import { decodeElements, ELEMENTS } from '../elements.ts';
import type { PickleValue } from '../pickle/value.ts';
import { plainRange, type ReadRange } from '../range.ts';
import { type ElementType, elementCount, type NumericArray, type StoredTensor } from '../tensor.ts';
import type { PytorchReferences } from './claims.ts';
import { nameTensors } from './names.ts';
import { integerOf, scaledBy } from './quantiser.ts';
import { rebuildTensor } from './rebuild.ts';
import { gather, isPacked, type PytorchView, viewSpan } from './view.ts';
import { type FoundTensor, type FoundValues, findTensors } from './walk.ts';
import { isZeroFile, withZero } from './zero.ts';

const countOf = (view: PytorchView): number => elementCount(view.shape) as number;

const storageText = ({ storage, offset, shape, stride, dtype }: PytorchView): string | undefined =>
  storage && JSON.stringify([storage.key, dtype?.name, offset, shape, stride]);

const entryOf = (name: string, { view, optimiser }: FoundTensor): TensorEntry => {
  const { shape, dtype, storage, unreadable, quantiser } = view;
  const scaled = quantiser === undefined ? '' : ' × scale';
  const bytes = storage?.compressed ?? (storage === undefined ? 0 : countOf(view) * (dtype?.bytes ?? 0));
  const text = storageText(view);
  return {
    name,
    dtype: `${dtype?.name ?? 'unknown'}${scaled}`,
    shape,
    bytes,
    ...(storage?.compressed === undefined ? {} : { inflated: storage.inflated ?? storage.bytes }),
    ...(text === undefined ? {} : { storage: text }),
    ...(optimiser ? { optimiser } : {}),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
};

type Refuse = (why: string) => Error;

/** Reads the range of the storage that the view touches, and puts the elements in row-major order. */
const readElements = async (
  view: PytorchView,
  element: ElementType,
  refuse: Refuse,
): Promise<NumericArray> => {
  const { dtype, storage, offset } = view;
  if (storage === undefined || !dtype) throw refuse('has no values here');
  const begin = offset * dtype.bytes;
  const length = viewSpan(view) * dtype.bytes;
  const bytes = length === 0 ? new Uint8Array(0) : await storage.read(begin, length);
  const data = decodeElements(bytes, element, storage.little, (byte) => storage.locate(begin + byte));
  if (length === 0 || isPacked(view)) return data;
  return gather(view, data, ELEMENTS[element].allocate(countOf(view)));
};

/** The elements of a view in parts, if the file stores them in row-major order. */
const rangeOf = (view: PytorchView): ReadRange | null => {
  const { dtype, storage, offset, unreadable, quantiser } = view;
  const element = dtype?.element;
  if (unreadable !== undefined || element === undefined || storage === undefined || !dtype) return null;
  if (storage.compressed !== undefined || !isPacked(view) || quantiser !== undefined) return null;
  const begin = offset * dtype.bytes;
  return plainRange(
    element,
    storage.little,
    (at, length) => storage.read(begin + at, length),
    (byte) => storage.locate(begin + byte),
  );
};

const readView = async (view: PytorchView, refuse: Refuse): Promise<StoredTensor> => {
  const { shape, dtype, unreadable, quantiser } = view;
  const element = quantiser === undefined ? dtype?.element : integerOf(view);
  if (unreadable !== undefined || element === undefined) throw refuse(unreadable ?? 'has no values here');
  const data = await readElements(view, element, refuse);
  if (quantiser === undefined) return { dtype: element, shape, data };
  const table = async (each: PytorchView) => (await readView(each, refuse)).data;
  return { dtype: 'float32', shape, data: await scaledBy(quantiser, shape, data, table) };
};

/** Why a file without tensors has none. */
const emptyFault = (value: PickleValue, where: string): Fault =>
  value instanceof Map && value.has('param_groups') && value.has('state')
    ? inputFault('is the state of an optimiser, without weights', where, 'Open the checkpoint of the model')
    : inputFault('holds no tensors', where, 'Save the state_dict of a model with torch.save');

/** A pickle in a file, its place, and the references in it. */
export interface PytorchPart {
  readonly value: PickleValue;
  readonly references: PytorchReferences;
  readonly where: string;
  /** Prefix of the names of its tensors; null for the objects themselves. */
  readonly prefix: string | null;
}

/** Constants are numbered; the code of a TorchScript module calls them c0, c1, ... */
const underPrefix = (prefix: string, tensor: FoundTensor): FoundTensor => ({
  ...tensor,
  path: [`${prefix}.c${tensor.path.join('.')}`],
});

const findIn = ({ value, references, where, prefix }: PytorchPart, allowance: Allowance): FoundValues => {
  const rebuild = (candidate: PickleValue) => rebuildTensor(candidate, references, where);
  const found = findTensors(value, rebuild, where, allowance);
  if (prefix === null) return found;
  return { tensors: found.tensors.map((tensor) => underPrefix(prefix, tensor)), metadata: new Map() };
};

/** The checkpoint that pickles describe; the source is closed with it. */
export const pytorchCheckpoint = (
  source: ByteSource,
  parts: readonly PytorchPart[],
  allowance: Allowance,
): Checkpoint => {
  const found = parts.map((part) => findIn(part, allowance));
  const tensors = found.flatMap((each) => each.tensors);
  const metadata = found[0].metadata;
  if (tensors.length === 0) throw emptyFault(parts[0].value, parts[0].where);
  const named = nameTensors(tensors);
  const isZero = isZeroFile(parts[0].value);
  return {
    path: source.name,
    format: 'PyTorch',
    metadata,
    tensors: new Map([...named].map(([name, tensor]) => [name, withZero(entryOf(name, tensor), isZero)])),
    read: async (name) => {
      const tensor = named.get(name);
      if (tensor === undefined) {
        throw inputFault(`has no tensor ${shown(name)}`, source.name, 'Use one of its tensors');
      }
      const refuse = (why: string) =>
        inputFault(`tensor ${shown(name)} ${why}`, source.name, 'Save it as a dense tensor of real numbers');
      return readView(tensor.view, refuse);
    },
    ranges: (name) => {
      const tensor = named.get(name);
      return tensor === undefined ? null : rangeOf(tensor.view);
    },
    close: () => source.close(),
  };
};
