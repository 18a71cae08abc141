import { inputFault } from '../../protocol/index.ts';
import { readObject } from '../bytes/jsonReader.ts';
import { LiteralReader } from '../bytes/literalReader.ts';
import { shown } from '../shown.ts';
import { type ElementType, elementCount } from '../tensor.ts';

interface SafetensorsType {
  readonly bits: number;
  /** What its values are read as. */
  readonly element?: ElementType;
  /** Why they are not read. */
  readonly unreadable?: string;
}

/** The format says how many bits they take, not in which order they lie. */
const UNDOCUMENTED = 'holds 6-bit floats, whose packing the format does not say';

/** Every dtype of the format, in its own order: by alignment, which is also what its writer sorts by (descending). */
export const SAFETENSORS_TYPES: Readonly<Record<string, SafetensorsType>> = Object.assign(
  Object.create(null),
  {
    BOOL: { bits: 8, element: 'bool' },
    F4: { bits: 4, element: 'float4_e2m1' },
    F6_E2M3: { bits: 6, unreadable: UNDOCUMENTED },
    F6_E3M2: { bits: 6, unreadable: UNDOCUMENTED },
    U8: { bits: 8, element: 'uint8' },
    I8: { bits: 8, element: 'int8' },
    F8_E5M2: { bits: 8, element: 'float8_e5m2' },
    F8_E4M3: { bits: 8, element: 'float8_e4m3fn' },
    F8_E8M0: { bits: 8, element: 'float8_e8m0fnu' },
    F8_E4M3FNUZ: { bits: 8, element: 'float8_e4m3fnuz' },
    F8_E5M2FNUZ: { bits: 8, element: 'float8_e5m2fnuz' },
    I16: { bits: 16, element: 'int16' },
    U16: { bits: 16, element: 'uint16' },
    F16: { bits: 16, element: 'float16' },
    BF16: { bits: 16, element: 'bfloat16' },
    I32: { bits: 32, element: 'int32' },
    U32: { bits: 32, element: 'uint32' },
    F32: { bits: 32, element: 'float32' },
    C64: { bits: 64, unreadable: 'holds complex numbers, which are not read here' },
    F64: { bits: 64, element: 'float64' },
    I64: { bits: 64, element: 'int64' },
    U64: { bits: 64, element: 'uint64' },
  } satisfies Record<string, SafetensorsType>,
);

export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Range of its bytes: [begin, end). */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  /** Sorted by offset; `begin` and `end` are relative to the buffer that follows the header. */
  readonly tensors: readonly SafetensorsEntry[];
}

/** Far above any checkpoint's, and few enough to keep in memory. */
const MAX_TENSORS = 200_000;
const REMEDY = 'The file is damaged or not a safetensors file: fetch or save it again';

const readNaturals = (reader: LiteralReader, what: string): number[] => {
  const numbers: number[] = [];
  reader.demand(/\[/y, `${what}, a list,`);
  if (reader.take(/\]/y) !== null) return numbers;
  do numbers.push(reader.natural(what));
  while (reader.take(/,/y) !== null);
  reader.demand(/\]/y, "',' or ']'");
  return numbers;
};

const readDtype = (reader: LiteralReader): string => {
  const at = reader.position();
  const dtype = reader.jsonString("a dtype such as 'F32'");
  if (!(dtype in SAFETENSORS_TYPES)) throw reader.fault(`has the unknown dtype ${shown(dtype)}`, at);
  return dtype;
};

const readOffsets = (reader: LiteralReader, name: string): [number, number] => {
  const at = reader.position();
  const offsets = readNaturals(reader, 'an offset');
  if (offsets.length !== 2) {
    throw reader.fault(`has ${offsets.length} data_offsets for tensor ${shown(name)}, not 2`, at);
  }
  return [offsets[0], offsets[1]];
};

/** One tensor's description, with the place of it for later refusals. */
interface PlacedEntry extends SafetensorsEntry {
  readonly at: number;
}

const readEntry = (reader: LiteralReader, name: string): PlacedEntry => {
  const at = reader.position();
  const found: { dtype?: string; shape?: number[]; offsets?: [number, number] } = {};
  readObject(reader, `tensor ${shown(name)}`, (key) => {
    if (key === 'dtype') found.dtype = readDtype(reader);
    else if (key === 'shape') found.shape = readNaturals(reader, 'an extent of a shape');
    else if (key === 'data_offsets') found.offsets = readOffsets(reader, name);
    else throw reader.fault(`has the unknown key ${shown(key)} in tensor ${shown(name)}`);
  });
  const { dtype, shape, offsets } = found;
  const missing = dtype === undefined ? 'dtype' : shape === undefined ? 'shape' : 'data_offsets';
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    throw reader.fault(`has no ${missing} for tensor ${shown(name)}`, at);
  }
  return { name, dtype, shape, begin: offsets[0], end: offsets[1], at };
};

/** Bytes that a tensor takes, or the reason why its shape has no such number. */
const byteLength = ({ dtype, shape }: SafetensorsEntry): number | string => {
  const count = elementCount(shape);
  const bits = count === null ? null : count * SAFETENSORS_TYPES[dtype].bits;
  if (bits === null || !Number.isSafeInteger(bits)) return 'a shape too large for any file';
  if (bits % 8 !== 0) return `${count} elements of ${SAFETENSORS_TYPES[dtype].bits} bits, not whole bytes`;
  return bits / 8;
};

/** The buffer must be covered by the tensors exactly: no hole, no overlap, nothing after. */
const checkLayout = (reader: LiteralReader, sorted: readonly PlacedEntry[], bufferLength: number): void => {
  let covered = 0;
  for (const entry of sorted) {
    const label = `tensor ${shown(entry.name)}`;
    if (entry.begin !== covered || entry.end < entry.begin) {
      throw reader.fault(
        `has ${label} at offsets ${entry.begin} to ${entry.end} where one from ${covered} is expected`,
        entry.at,
      );
    }
    const expected = byteLength(entry);
    if (typeof expected === 'string') throw reader.fault(`has ${label} with ${expected}`, entry.at);
    if (expected !== entry.end - entry.begin) {
      throw reader.fault(
        `has ${label} of ${expected} bytes (${entry.dtype} [${entry.shape.join(', ')}]) in ${entry.end - entry.begin} bytes`,
        entry.at,
      );
    }
    covered = entry.end;
  }
  if (covered !== bufferLength) {
    throw reader.fault(`has tensors of ${covered} bytes in all and ${bufferLength} bytes of data`, 0);
  }
};

/**
 * Reads and checks the header of a safetensors file, given as the bytes after its length, by the rules of the
 * format's own reader: strict JSON without repeated keys, known dtypes, and offsets that cover the buffer of
 * `bufferLength` bytes exactly. Every refusal names the byte of the file that it is about.
 */
export const parseSafetensorsHeader = (
  bytes: Uint8Array,
  bufferLength: number,
  path: string,
): SafetensorsHeader => {
  const start = 8;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw inputFault('has a header that is not UTF-8', `${path}, byte ${start}`, REMEDY, error);
  }
  const locate = (character: number) =>
    `${path}, byte ${start + Buffer.byteLength(text.slice(0, character), 'utf8')}`;
  const reader = new LiteralReader(text, locate, REMEDY);
  const metadata = new Map<string, string>();
  const entries: PlacedEntry[] = [];
  readObject(reader, 'the list of tensors', (key) => {
    if (entries.length === MAX_TENSORS) throw reader.fault(`lists more than ${MAX_TENSORS} tensors`);
    if (key !== '__metadata__') entries.push(readEntry(reader, key));
    else
      readObject(reader, 'the metadata', (name) => {
        metadata.set(name, reader.jsonString(`the text of metadata ${shown(name)}`));
      });
  });
  reader.end();
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(reader, entries, bufferLength);
  return { metadata, tensors: entries.map(({ at: _, ...entry }) => entry) };
};
