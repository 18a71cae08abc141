import { type ElementType, elementCount } from '../tensor.ts';
import { H5T, type Hdf5Damage, type Hdf5Dataset } from './messages.ts';

/** What a dataset's values are read as, or why they cannot be read. */
export interface Hdf5Values {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Size of the values, uncompressed. */
  readonly bytes: number;
  readonly element?: ElementType;
  readonly unreadable?: string;
}

/** HDF5's classes of datatypes (H5T_class_t), for people. */
const CLASSES = [
  'integer',
  'float',
  'time',
  'string',
  'bitfield',
  'opaque',
  'compound',
  'reference',
  'enumeration',
  'variable-length',
  'array',
  'complex',
];

/** Filters that are built into the library: deflate, shuffle, fletcher32, szip, n-bit, scale-offset. */
const MAX_OWN_FILTER = 6;

/** zlib's own bound on the ratio of deflate. */
const MAX_RATIO = 1032;
const SLACK = 65536;

const FLOATS = new Map<number, ElementType>([
  [2, 'float16'],
  [4, 'float32'],
  [8, 'float64'],
]);

/** h5py stores booleans as an enumeration of these two. */
const isBoolean = ({ size, members }: Hdf5Dataset): boolean =>
  size === 1 && Object.keys(members ?? {}).length === 2 && members?.FALSE === 0 && members?.TRUE === 1;

const elementOf = (dataset: Hdf5Dataset): ElementType | undefined => {
  const { typeClass, size, signed, attributes } = dataset;
  const isNumeric = typeClass === H5T.INTEGER || typeClass === H5T.FLOAT || typeClass === H5T.OPAQUE;
  // Keras stores the type beside the two bytes, because HDF5 has no such type.
  if (isNumeric && size === 2 && attributes.get('dtype')?.[0] === 'bfloat16') return 'bfloat16';
  if (typeClass === H5T.FLOAT) return FLOATS.get(size);
  if (typeClass === H5T.ENUM && isBoolean(dataset)) return 'bool';
  if (typeClass !== H5T.INTEGER || ![1, 2, 4, 8].includes(size)) return undefined;
  return `${signed ? 'int' : 'uint'}${size * 8}` as ElementType;
};

const extents = (shape: readonly number[], size: number): number => (elementCount(shape) ?? Infinity) * size;

const refusal = (dataset: Hdf5Dataset, bytes: number, fileSize: number): string | undefined => {
  const { shape, chunks, filters, size, typeClass } = dataset;
  if (shape === null) return 'has a type and no values';
  if (dataset.virtual) return 'is virtual: its values are in other datasets';
  if (elementOf(dataset) === undefined) {
    const isNumber = typeClass === H5T.INTEGER || typeClass === H5T.FLOAT;
    const kind = `${CLASSES[typeClass] ?? 'unknown'} values${isNumber ? ` of ${size} bytes` : ''}`;
    return `holds ${kind}, which are not read here`;
  }
  const foreign = filters.find(({ id }) => id > MAX_OWN_FILTER);
  if (foreign !== undefined) return `is compressed by HDF5 filter ${foreign.id}, which is not read here`;
  const most = chunks === null ? fileSize : fileSize * MAX_RATIO + SLACK;
  if (!(bytes <= most))
    return `claims ${bytes} bytes of values, which a file of ${fileSize} bytes cannot hold`;
  const chunk = chunks === null || bytes === 0 ? 0 : extents(chunks, size);
  if (!(chunk <= most))
    return `claims chunks of ${chunk} bytes, which a file of ${fileSize} bytes cannot hold`;
};

/** What is known about a dataset's values, in a file of `fileSize` bytes, before any is read. */
export const valuesOf = (dataset: Hdf5Dataset | Hdf5Damage, fileSize: number): Hdf5Values => {
  if (dataset.kind === 'damaged') {
    return { dtype: 'unknown', shape: [0], bytes: 0, unreadable: 'has a damaged header' };
  }
  const element = elementOf(dataset);
  const shape = dataset.shape ?? [0];
  const bytes = extents(shape, dataset.size);
  const dtype = element ?? CLASSES[dataset.typeClass] ?? 'unknown';
  const unreadable = refusal(dataset, bytes, fileSize);
  return unreadable === undefined
    ? { dtype, shape, bytes, element }
    : { dtype, shape, bytes: Math.min(bytes, fileSize), unreadable };
};
