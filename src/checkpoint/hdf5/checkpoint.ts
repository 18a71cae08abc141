import { constants } from 'node:buffer';
import { inputFault, shown } from '../../protocol/index.ts';
import type { Checkpoint, KernelLayout, TensorEntry } from '../checkpoint.ts';
import { decodeElements } from '../elements.ts';
import type { StoredTensor } from '../tensor.ts';
import type { KerasUse } from '../use.ts';
import type { Hdf5File } from './file.ts';
import type { Hdf5Damage, Hdf5Dataset } from './messages.ts';
import { type Hdf5Values, valuesOf } from './types.ts';

/** A dataset under its name in the checkpoint. */
export interface NamedDataset {
  readonly name: string;
  readonly dataset: Hdf5Dataset | Hdf5Damage;
  readonly layout?: KernelLayout;
  readonly usedBy?: KerasUse;
  readonly optimiser?: true;
  /** As in a `TensorEntry`. */
  readonly unreadable?: string;
  readonly belongsTo?: string;
}

interface Place {
  /** Path of the checkpoint, as shown to people. */
  readonly path: string;
  /** Path of the HDF5 file inside it. */
  readonly inside: string;
  readonly size: number;
}

const entryOf = (
  { name, dataset, layout, usedBy, optimiser, belongsTo, unreadable: left }: NamedDataset,
  values: Hdf5Values,
): TensorEntry => {
  const { dtype, shape, bytes, unreadable = left } = values;
  return {
    name,
    dtype,
    shape,
    bytes,
    ...(dataset.kind === 'dataset' && { storage: dataset.object }),
    ...(layout && { layout }),
    ...(usedBy && { usedBy }),
    ...(optimiser && { optimiser }),
    ...(unreadable && { unreadable }),
    ...(belongsTo && { belongsTo }),
  };
};

const readTensor = async (
  file: Hdf5File,
  { name, dataset, unreadable: left }: NamedDataset,
  values: Hdf5Values,
  where: string,
) => {
  const { element, bytes, shape, unreadable = left } = values;
  if (element === undefined || unreadable !== undefined || dataset.kind === 'damaged') {
    throw inputFault(
      `has tensor ${shown(name)}, which ${unreadable}`,
      where,
      'Save it as float32, in one file',
    );
  }
  if (bytes > constants.MAX_LENGTH) {
    const what = `has tensor ${shown(name)} of ${bytes} bytes, more than fits in one buffer`;
    throw inputFault(what, where, 'Split it into smaller ones');
  }
  const found = bytes === 0 ? new Uint8Array(0) : await file.read(dataset, bytes);
  const locate = (byte: number) => `${where}, tensor ${shown(name)}, value ${byte / dataset.size}`;
  return { dtype: element, shape, data: decodeElements(found, element, true, locate) } satisfies StoredTensor;
};

/**
 * A checkpoint of the named datasets of an HDF5 file. Closing it closes the file; `close` closes the
 * underlying source.
 */
export const hdf5Checkpoint = (
  file: Hdf5File,
  place: Place,
  named: readonly NamedDataset[],
  about: Pick<Checkpoint, 'format' | 'metadata'>,
  close: () => Promise<void>,
): Checkpoint => {
  const known = new Map(
    named.map((tensor) => [tensor.name, { tensor, values: valuesOf(tensor.dataset, place.size) }]),
  );
  return {
    path: place.path,
    ...about,
    tensors: new Map([...known].map(([name, { tensor, values }]) => [name, entryOf(tensor, values)])),
    read: async (name) => {
      const found = known.get(name);
      if (found !== undefined) return readTensor(file, found.tensor, found.values, place.inside);
      throw inputFault(`has no tensor ${shown(name)}`, place.path, 'Use one of its tensors');
    },
    close: async () => {
      await file.close();
      await close();
    },
  };
};
