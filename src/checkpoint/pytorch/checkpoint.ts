import { inputFault, shown } from '../../protocol/index.ts';
import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import type { Checkpoint, TensorEntry } from '../checkpoint.ts';
import { decodeElements, ELEMENTS } from '../elements.ts';
import type { PickleValue } from '../pickle/value.ts';
import { plainRange, type ReadRange } from '../range.ts';
import { elementCount, type StoredTensor } from '../tensor.ts';
import type { PytorchReferences } from './claims.ts';
import { nameTensors } from './names.ts';
import { rebuildTensor } from './rebuild.ts';
import { gather, isPacked, type PytorchView, viewSpan } from './view.ts';
import { type FoundTensor, findTensors } from './walk.ts';

const countOf = (view: PytorchView): number => elementCount(view.shape) as number;

const storageText = ({ storage, offset, shape, stride, dtype }: PytorchView): string | undefined =>
  storage && JSON.stringify([storage.key, dtype?.name, offset, shape, stride]);

const entryOf = (name: string, { view, optimiser }: FoundTensor): TensorEntry => {
  const { shape, dtype, storage, unreadable } = view;
  const bytes = storage?.compressed ?? (storage === undefined ? 0 : countOf(view) * (dtype?.bytes ?? 0));
  const text = storageText(view);
  return {
    name,
    dtype: dtype?.name ?? 'unknown',
    shape,
    bytes,
    ...(storage?.compressed === undefined ? {} : { inflated: storage.inflated ?? storage.bytes }),
    ...(text === undefined ? {} : { storage: text }),
    ...(optimiser ? { optimiser } : {}),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
};

/** Reads the range of the storage that the view touches, and puts the elements in row-major order. */
const readView = async (view: PytorchView, refuse: (why: string) => Error): Promise<StoredTensor> => {
  const { shape, dtype, storage, offset, unreadable } = view;
  const element = dtype?.element;
  if (unreadable !== undefined || element === undefined || storage === undefined || !dtype) {
    throw refuse(unreadable ?? 'has no values here');
  }
  const begin = offset * dtype.bytes;
  const length = viewSpan(view) * dtype.bytes;
  const bytes = length === 0 ? new Uint8Array(0) : await storage.read(begin, length);
  const data = decodeElements(bytes, element, storage.little, (byte) => storage.locate(begin + byte));
  if (length === 0 || isPacked(view)) return { dtype: element, shape, data };
  return { dtype: element, shape, data: gather(view, data, ELEMENTS[element].allocate(countOf(view))) };
};

/** The elements of a view in parts, where they lie in the file in row-major order. */
const rangeOf = (view: PytorchView): ReadRange | null => {
  const { dtype, storage, offset, unreadable } = view;
  const element = dtype?.element;
  if (unreadable !== undefined || element === undefined || storage === undefined || !dtype) return null;
  if (storage.compressed !== undefined || !isPacked(view)) return null;
  const begin = offset * dtype.bytes;
  return plainRange(
    element,
    storage.little,
    (at, length) => storage.read(begin + at, length),
    (byte) => storage.locate(begin + byte),
  );
};

/** The checkpoint that a pickle describes. `where` is where the pickle is; the source is closed with the checkpoint. */
export const pytorchCheckpoint = (
  source: ByteSource,
  value: PickleValue,
  references: PytorchReferences,
  where: string,
  allowance: Allowance,
): Checkpoint => {
  const rebuild = (candidate: PickleValue) => rebuildTensor(candidate, references, where);
  const found = findTensors(value, rebuild, where, allowance);
  if (found.tensors.length === 0) {
    throw inputFault('holds no tensors', where, 'Save the state_dict of a model with torch.save');
  }
  const named = nameTensors(found.tensors);
  return {
    path: source.name,
    format: 'PyTorch',
    metadata: found.metadata,
    tensors: new Map([...named].map(([name, tensor]) => [name, entryOf(name, tensor)])),
    read: async (name) => {
      const tensor = named.get(name);
      if (tensor === undefined) {
        throw inputFault(`has no tensor ${shown(name)}`, source.name, 'Name one of its tensors');
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
