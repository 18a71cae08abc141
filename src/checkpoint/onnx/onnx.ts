import { inputFault, shown } from '../../protocol/index.ts';
import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { ProtobufFile } from '../bytes/protobuf.ts';
import type { Checkpoint, CheckpointFormat, OpenSibling, TensorEntry } from '../checkpoint.ts';
import { decodeElements } from '../elements.ts';
import { plainRange, type ReadRange } from '../range.ts';
import { type ElementType, elementCount, type StoredTensor } from '../tensor.ts';
import { ExternalFiles, type ExternalRange } from './external.ts';
import type { FoundTensor } from './graph.ts';
import { readModel } from './model.ts';
import { looksLikeOnnx } from './sign.ts';
import type { OnnxTensor, OnnxValues } from './tensor.ts';
import { readInlineValues } from './values.ts';

const REMEDY = 'The file is damaged or not an ONNX model: fetch or export it again';
const EXPORT = 'Export the model again, with its values beside it as FLOAT or FLOAT16';
/** A model of a hundred thousand nodes has some two million, one of ten thousand tensors a tenth of that. */
const MAX_FIELDS = 3_000_000;

/** Where the values of a readable tensor are, checked. */
type Place = Exclude<OnnxValues, { kind: 'external' }> | ({ readonly kind: 'external' } & ExternalRange);

interface PlacedEntry {
  readonly entry: TensorEntry;
  readonly tensor: OnnxTensor;
  readonly place: Place | null;
}

const placed = async (
  { tensor, name, training, usedBy, scaling }: FoundTensor,
  files: ExternalFiles,
): Promise<PlacedEntry> => {
  const { type, shape, bytes, values } = tensor;
  const described = {
    name,
    dtype: type.name,
    shape,
    bytes,
    ...(usedBy && { usedBy }),
    ...(training ? { optimiser: true as const } : {}),
    ...(scaling === undefined ? {} : { scaling }),
  };
  if (values === null) {
    return { entry: { ...described, unreadable: tensor.unreadable }, tensor, place: null };
  }
  if (values.kind !== 'external') return { entry: described, tensor, place: values };
  const range = await files.locate(values);
  if (typeof range === 'string') return { entry: { ...described, unreadable: range }, tensor, place: null };
  const storage = `${range.location} ${range.offset} ${type.name}`;
  return { entry: { ...described, storage }, tensor, place: { kind: 'external', ...range } };
};

const readExternal = async (
  files: ExternalFiles,
  range: ExternalRange,
  { type, shape }: OnnxTensor,
  { bytes: length }: TensorEntry,
) => {
  const bytes = await files.read(range, length);
  const locate = (byte: number) => `${range.location}, byte ${range.offset + byte}`;
  if (typeof bytes === 'string') throw inputFault(bytes, range.location, 'Open the model again');
  return decodeElements(bytes, type.element as ElementType, true, locate, elementCount(shape) as number);
};

/** Contiguous values, in the model or beside it, in parts. */
const rangeOf = (
  source: ByteSource,
  files: ExternalFiles,
  { tensor, place }: PlacedEntry,
): ReadRange | null => {
  if (place === null || place.kind === 'numbers') return null;
  const dtype = tensor.type.element as ElementType;
  if (place.kind === 'raw') {
    const bytes = (at: number, length: number) => source.read(place.start + at, length);
    return plainRange(dtype, true, bytes, (byte) => `${source.name}, byte ${place.start + byte}`);
  }
  const { location, offset } = place;
  const external = async (at: number, length: number) => {
    const bytes = await files.read({ location, offset: offset + at }, length);
    if (typeof bytes !== 'string') return bytes;
    throw inputFault(bytes, location, 'Open the model again');
  };
  return plainRange(dtype, true, external, (byte) => `${location}, byte ${offset + byte}`);
};

const read = async (
  source: ByteSource,
  files: ExternalFiles,
  { entry, tensor, place }: PlacedEntry,
): Promise<StoredTensor> => {
  if (place === null) {
    const what = `has tensor ${shown(entry.name)}, which ${entry.unreadable}`;
    throw inputFault(what, `${source.name}, byte ${tensor.at}`, EXPORT);
  }
  // Each number may be a separate field; their number was checked against the file's length.
  const file = new ProtobufFile(source, REMEDY, MAX_FIELDS + (elementCount(entry.shape) as number));
  const data =
    place.kind === 'external'
      ? await readExternal(files, place, tensor, entry)
      : await readInlineValues(file, source, tensor, place);
  return { dtype: tensor.type.element as ElementType, shape: entry.shape, data };
};

const open = async (
  source: ByteSource,
  openSibling: OpenSibling,
  allowance?: Allowance,
): Promise<Checkpoint> => {
  try {
    const file = new ProtobufFile(source, REMEDY, MAX_FIELDS);
    const { metadata, tensors } = await readModel(file, { start: 0, end: source.size }, allowance);
    const files = new ExternalFiles(openSibling);
    const entries = new Map<string, PlacedEntry>();
    for (const each of tensors) entries.set(each.name, await placed(each, files));
    return {
      path: source.name,
      format: ONNX.name,
      metadata,
      tensors: new Map([...entries].map(([name, { entry }]) => [name, entry])),
      read: async (name) => {
        const entry = entries.get(name);
        if (entry !== undefined) return read(source, files, entry);
        throw inputFault(`has no tensor ${shown(name)}`, source.name, 'Use one of its tensors');
      },
      ranges: (name) => {
        const entry = entries.get(name);
        return entry === undefined ? null : rangeOf(source, files, entry);
      },
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
};

/**
 * ONNX models (onnx/onnx.proto): initializers and Constants of the graph, of graphs within it and of functions, with
 * values in any of the format's fields or in files beside the model. `open` reads the description of the graph and
 * skips the values. A tensor in an external file that is missing, too short or outside the folder is listed as
 * unreadable; a model that contradicts itself is a fault.
 */
export const ONNX: CheckpointFormat = { name: 'ONNX', isMine: looksLikeOnnx, open };
