import { Fault, shown } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { BYTES, type Field, type ProtobufFile } from '../bytes/protobuf.ts';
import type { OpenSibling } from '../checkpoint.ts';

/** What a tensor states about its values in another file (onnx/docs/ExternalData.md). */
export interface ExternalData {
  /** location, offset, length, checksum: all text. */
  readonly keys: ReadonlyMap<string, string>;
  /** Size according to the tensor's shape. */
  readonly bytes: number;
}

/** A range of another file. */
export interface ExternalRange {
  readonly location: string;
  readonly offset: number;
}

const MAX_TEXT = 4096;
/** The format has four; a file with many is hostile. */
const MAX_KEYS = 16;

/** Reads a StringStringEntryProto: key 1, value 2. */
export const readStringEntry = async (
  file: ProtobufFile,
  entry: Field,
  what: string,
  limit: number,
): Promise<[key: string, value: string]> => {
  file.demand(entry, BYTES, what);
  let key = '';
  let value = '';
  await file.walk(entry, async (field) => {
    if (field.number === 2) value = await file.shortText(field, `a value of ${what}`, limit);
    else if (field.number === 1) {
      await file.text(field, `a key of ${what}`, MAX_TEXT, (text) => {
        key = text;
      });
    }
  });
  return [key, value];
};

export const readExternalEntry = async (
  file: ProtobufFile,
  field: Field,
  keys: Map<string, string>,
): Promise<void> => {
  const [key, value] = await readStringEntry(file, field, 'external_data', MAX_TEXT);
  if (keys.size === MAX_KEYS)
    throw file.fault(`has a tensor with more than ${MAX_KEYS} external_data`, field.at);
  keys.set(key, value);
};

/** Relative to the model's folder and within it, for the separators of every operating system. */
const staysInside = (location: string): boolean =>
  !/^[\\/]|^[A-Za-z]:|\0/.test(location) && !location.split(/[\\/]/).includes('..');

/** A number in decimal digits, `absent` where the key is missing, or null. */
const natural = (text: string | undefined, absent: number): number | null => {
  if (text === undefined || text === '') return absent;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
};

/** The range of the values, or why there is none, in words that can follow the tensor's name. */
const rangeOf = ({ keys, bytes }: ExternalData): ExternalRange | string => {
  const location = keys.get('location') ?? '';
  if (location === '') return 'has its values in another file, which is not named';
  const at = `has its values in the file ${shown(location)}`;
  if (!staysInside(location)) return `${at}, which is not in the model's folder`;
  const offset = natural(keys.get('offset'), 0);
  const length = natural(keys.get('length'), bytes);
  if (offset === null) return `${at} at the offset ${shown(keys.get('offset') ?? '')}, which is not a number`;
  if (length === null)
    return `${at} with the length ${shown(keys.get('length') ?? '')}, which is not a number`;
  return length === bytes ? { location, offset } : `${at} in ${length} bytes, where its shape takes ${bytes}`;
};

/** The result of opening a file beside the model: its size, or why it cannot be read. */
type Sibling = number | string;

/** The files beside a model that hold its values. Each is open only while it is read. */
export class ExternalFiles {
  private readonly found = new Map<string, Sibling>();

  constructor(private readonly openSibling: OpenSibling) {}

  /** The range of the values, after a check that the file exists and is long enough; or why they cannot be read. */
  async locate(data: ExternalData): Promise<ExternalRange | string> {
    const range = rangeOf(data);
    if (typeof range === 'string') return range;
    const sibling = this.found.get(range.location) ?? (await this.look(range.location));
    this.found.set(range.location, sibling);
    const at = `has its values in the file ${shown(range.location)}`;
    if (typeof sibling === 'string') return `${at} (${sibling})`;
    const { offset } = range;
    return offset + data.bytes <= sibling
      ? range
      : `${at}, ${data.bytes} bytes from byte ${offset}, and it ends at byte ${sibling}`;
  }

  private async look(location: string): Promise<Sibling> {
    let source: ByteSource;
    try {
      source = await this.openSibling(location);
    } catch (error) {
      if (error instanceof Fault) return error.what;
      throw error;
    }
    await source.close();
    return source.size;
  }

  /** Reads `length` bytes. The file may have changed since it was located, so its size is checked again. */
  async read({ location, offset }: ExternalRange, length: number): Promise<Uint8Array | string> {
    const source = await this.openSibling(location);
    try {
      if (offset + length <= source.size) return await source.read(offset, length);
      return `has become shorter than ${offset + length} bytes`;
    } finally {
      await source.close();
    }
  }
}
