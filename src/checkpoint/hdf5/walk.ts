import { AttributeReader } from './attributes.ts';
import { isTrap, type OpenHdf5 } from './library.ts';
import { type Hdf5Dataset, type Hdf5Object, Hdf5Refusal } from './messages.ts';

const MAX_DEPTH = 64;
/** The largest models have some 2500, and twice as many more for their optimiser. */
const MAX_OBJECTS = 2 ** 14;
const MAX_RANK = 32;

const describe = ({ module, file }: OpenHdf5, path: string): Omit<Hdf5Dataset, 'attributes'> => {
  const { type, shape, size, signed, littleEndian, chunks, enum_type, virtual_sources } =
    module.get_dataset_metadata(file, path);
  if (shape !== null && shape.length > MAX_RANK) throw new Hdf5Refusal('has too many axes');
  const filters = module.get_dataset_filters(file, path).map(({ id, name }) => ({ id, name }));
  return {
    kind: 'dataset',
    path,
    shape,
    typeClass: type,
    size,
    signed,
    little: littleEndian,
    members: enum_type?.members ?? null,
    chunks,
    filters,
    virtual: virtual_sources !== undefined,
    // Address of its header: the same for all hard and soft links to it.
    object: Buffer.from(module.create_object_reference(file, path)).toString('hex'),
  };
};

/**
 * Calls `found` with every group and dataset of the file, a group before its contents, in the order of the file. Links
 * to outside the file or to nothing are skipped. Groups that contain themselves, and more objects than any checkpoint
 * has, throw an `Hdf5Refusal`.
 */
export const listObjects = (open: OpenHdf5, found: (object: Hdf5Object) => void): void => {
  const { module, file } = open;
  const attributes = new AttributeReader(open);
  const tooMany = new Hdf5Refusal(`has more than ${MAX_OBJECTS} groups and datasets`);
  let objects = 0;
  const visit = (path: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new Hdf5Refusal(`nests groups more than ${MAX_DEPTH} deep, or in a circle`);
    if (++objects > MAX_OBJECTS) throw tooMany;
    const place = path === '' ? '/' : path;
    const type = module.get_type(file, place);
    if (type === module.H5G_GROUP) {
      found({ kind: 'group', path, attributes: attributes.of(place) });
      const prefix = path === '' ? '' : `${path}/`;
      const names = module.get_names(file, place, false);
      if (objects + names.length > MAX_OBJECTS) throw tooMany;
      for (const name of names) visit(`${prefix}${name}`, depth + 1);
    } else if (type === module.H5G_DATASET) found(datasetAt(path));
  };
  const datasetAt = (path: string): Hdf5Object => {
    try {
      return { ...describe(open, path), attributes: attributes.of(path) };
    } catch (error) {
      if (isTrap(error)) throw error;
      return { kind: 'damaged', path };
    }
  };
  visit('', 0);
};
