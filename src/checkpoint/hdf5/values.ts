import type { OpenHdf5 } from './library.ts';
import { type Hdf5Dataset, Hdf5Refusal } from './messages.ts';
import { type Slab, slabs } from './slabs.ts';

/** Bytes copied through the library's memory at a time. */
const TARGET = 1 << 24;

const readSlab = ({ module, file }: OpenHdf5, path: string, slab: Slab, into: Uint8Array): void => {
  const wide = (numbers: readonly number[]) => numbers.map(BigInt);
  const isScalar = slab.count.length === 0;
  const count = isScalar ? null : wide(slab.count);
  const offset = isScalar ? null : wide(slab.offset);
  const stride = isScalar ? null : slab.count.map(() => 1n);
  const at = module._malloc(into.length);
  if (at === 0)
    throw new Hdf5Refusal(`has a row of ${into.length} bytes, more than the HDF5 library can hold`);
  try {
    const status = module.get_dataset_data(file, path, count, offset, stride, BigInt(at));
    if (status < 0) throw new Hdf5Refusal('has values that are damaged or cut off');
    into.set(module.HEAPU8.subarray(at, at + into.length));
  } finally {
    module._free(at);
  }
};

/**
 * The values of a dataset as little-endian bytes in row-major order. Its size has been checked against the file.
 * Throws an `Hdf5Refusal` for values that the library refuses.
 */
export const readValues = (open: OpenHdf5, dataset: Hdf5Dataset): Uint8Array => {
  const { path, size, chunks } = dataset;
  const shape = dataset.shape ?? [0];
  const bytes = new Uint8Array(shape.reduce((count, extent) => count * extent, size));
  let filled = 0;
  for (const slab of slabs(shape, chunks, TARGET / size)) {
    const length = slab.count.reduce((count, extent) => count * extent, size);
    readSlab(open, path, slab, bytes.subarray(filled, filled + length));
    filled += length;
  }
  return bytes;
};
