import { shown } from '../../protocol/index.ts';
import type { Field, ProtobufFile, Range } from '../bytes/protobuf.ts';
import { ELEMENTS } from '../elements.ts';
import { elementCount } from '../tensor.ts';
import type { ExternalData } from './external.ts';
import type { NumberWire } from './tally.ts';
import { NUMBER_FIELDS, readTensorDraft, type TensorDraft } from './tensorDraft.ts';
import type { OnnxType } from './types.ts';

/** Where the values of a tensor are: verbatim, as a repeated field of a message, or in another file. */
export type OnnxValues =
  | ({ readonly kind: 'raw' } & Range)
  | { readonly kind: 'numbers'; readonly message: Range; readonly field: number; readonly wire: NumberWire }
  | ({ readonly kind: 'external' } & ExternalData);

/** A tensor of the model, checked as far as its own message allows. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** Size of its values as stored. */
  readonly bytes: number;
  /** Offset of its description in the file. */
  readonly at: number;
  /** Null with `unreadable`. */
  readonly values: OnnxValues | null;
  readonly unreadable?: string;
}

const storedBytes = ({ raw, tallies, stringBytes }: TensorDraft): number =>
  [...tallies.values()].reduce((sum, tally) => sum + tally.bytes, stringBytes) +
  (raw === null ? 0 : raw.end - raw.start);

/** Number of elements of a shape, refused if no file could contain them. */
export const countOf = (
  file: ProtobufFile,
  { at, name, shape }: { at: number; name: string; shape: readonly number[] },
): number => {
  const count = elementCount(shape);
  // 8 bytes is the largest element.
  if (count !== null && Number.isSafeInteger(count * 8)) return count;
  throw file.fault(`has tensor ${shown(name)} of shape [${shape.join(', ')}], too large for any file`, at);
};

/** Stored numbers for `count` elements: elements smaller than a byte share one. */
export const numbersFor = (count: number, elementBytes: number): number =>
  elementBytes < 1 ? Math.ceil(count * elementBytes) : count;

const inlineValues = (
  file: ProtobufFile,
  draft: TensorDraft,
  count: number,
  elementBytes: number,
): OnnxValues | null => {
  const { raw, tallies, type, at, name, shape, range } = draft;
  const fields = [...tallies].filter(([, tally]) => tally.bytes > 0);
  if (fields.length + (raw === null ? 0 : 1) > 1) {
    throw file.fault(`has tensor ${shown(name)} with values in more than one field`, at);
  }
  const of = `has tensor ${shown(name)} of shape [${shape.join(', ')}] (${type.name})`;
  if (raw !== null) {
    const expected = Math.ceil(count * elementBytes);
    const length = raw.end - raw.start;
    if (length === expected) return { kind: 'raw', ...raw };
    throw file.fault(`${of}, which takes ${expected} bytes, with ${length} bytes of raw_data`, at);
  }
  const field = type.field as number;
  const { name: fieldName, wire } = NUMBER_FIELDS[field];
  if (fields.length === 0) return count === 0 ? { kind: 'numbers', message: range, field, wire } : null;
  const [[found, tally]] = fields;
  if (found !== field) {
    throw file.fault(`${of} with values in ${NUMBER_FIELDS[found].name}, not in ${fieldName}`, at);
  }
  if (tally.admits(numbersFor(count, elementBytes))) return { kind: 'numbers', message: range, field, wire };
  throw file.fault(`${of} with ${tally.bytes} bytes of ${fieldName}, which do not match its shape`, at);
};

const finish = (file: ProtobufFile, draft: TensorDraft): OnnxTensor => {
  const { name, type, at, external } = draft;
  // A grown list has spare capacity; its copy has none.
  const shape = draft.shape.slice();
  const count = countOf(file, draft);
  const described = { name, type, shape, at, bytes: storedBytes(draft) };
  const unreadable = (reason: string): OnnxTensor => ({ ...described, values: null, unreadable: reason });
  if (type.element === undefined) return unreadable(`has the data type ${type.name}, which is not read here`);
  if (draft.segmented) return unreadable('is stored in segments, which are not read here');
  const elementBytes = ELEMENTS[type.element].bytes;
  if (draft.isExternal) {
    const bytes = Math.ceil(count * elementBytes);
    return { ...described, bytes, values: { kind: 'external', keys: external, bytes } };
  }
  const values = inlineValues(file, draft, count, elementBytes);
  return values === null ? unreadable('has no values in the file') : { ...described, values };
};

/**
 * Reads a TensorProto without its values, and checks that their number matches its shape. Values that are missing
 * altogether (a model stripped of its weights) or of an unsupported type make it `unreadable`; contradictions are
 * faults.
 */
export const readTensorProto = async (file: ProtobufFile, range: Field): Promise<OnnxTensor> =>
  finish(file, await readTensorDraft(file, range));
