/**
 * Checks that the lists in the metadata of Arrow data are as long as the file says. The reader allocates their length before it reads
 * them, so a damaged one takes all memory. https://arrow.apache.org/docs/format/Columnar.html, format/Message.fbs and Schema.fbs;
 * https://flatbuffers.dev/internals for tables and vectors.
 * @throws Error, or a RangeError of a place behind the end.
 */
export const checkVectors = (bytes: Uint8Array): void => {
  const isFile = MAGIC.every((byte, at) => bytes[at] === byte);
  // Lists that share their elements can have more of them than there are bytes, in damaged files alone.
  const budget = { left: bytes.length };
  if (!isFile) {
    for (let at = 0; at >= 0; ) at = checkMessage(bytes, at, budget);
    return;
  }
  const file = new Flat(bytes, budget);
  const end = bytes.length - (MAGIC.length + 4);
  const footer = file.table(end - file.int32(end));
  file.within(footer, 6, (place) => checkSchema(file, file.table(place)));
  file.within(footer, 12, (place) => checkPairs(file, place));
  for (const slot of [8, 10]) {
    file.vector(footer, slot, BLOCK, (block) => {
      checkMessage(bytes, Number(file.int64(block)), budget);
    });
  }
};

const MAGIC = [...'ARROW1'].map((letter) => letter.charCodeAt(0));
/** Of a block in the footer: where a message is. */
const BLOCK = 24;

interface Table {
  /** Place of a field, by its slot in the list of fields; 0 if it is left out. */
  field(slot: number): number;
}

/** FlatBuffers: tables, whose fields are found by a list of offsets, and vectors. */
class Flat {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly budget: { left: number },
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int32(at: number): number {
    return this.view.getInt32(at, true);
  }

  int16(at: number): number {
    return this.view.getInt16(at, true);
  }

  uint8(at: number): number {
    return this.view.getUint8(at);
  }

  int64(at: number): bigint {
    return this.view.getBigInt64(at, true);
  }

  /** The table that the offset at a place leads to. */
  table(place: number): Table {
    const start = place + this.int32(place);
    const fields = start - this.int32(start);
    const size = this.int16(fields);
    return {
      field: (slot) => {
        const offset = slot < size ? this.int16(fields + slot) : 0;
        return offset === 0 ? 0 : start + offset;
      },
    };
  }

  within(table: Table, slot: number, check: (place: number) => void): void {
    const place = table.field(slot);
    if (place !== 0) check(place);
  }

  /** Each element of a vector, which is within the file. */
  vector(table: Table, slot: number, stride: number, check?: (element: number) => void): void {
    this.within(table, slot, (place) => this.elements(place, stride, check));
  }

  elements(place: number, stride: number, check?: (element: number) => void): void {
    const start = place + this.int32(place);
    const length = this.int32(start);
    this.budget.left -= length;
    if (length < 0 || start + 4 + length * stride > this.bytes.length || this.budget.left < 0) {
      throw new Error(`it has a list of ${length} elements, more than it has bytes for`);
    }
    for (let i = 0; check !== undefined && i < length; i++) check(start + 4 + i * stride);
  }
}

/** Returns the place of the next message; -1 at the end. */
const checkMessage = (bytes: Uint8Array, start: number, budget: { left: number }): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!(start >= 0 && start + 8 <= bytes.length)) return -1;
  const isMarked = view.getInt32(start, true) === -1;
  const begin = start + (isMarked ? 8 : 4);
  const length = view.getInt32(begin - 4, true);
  if (length <= 0 || begin + length > bytes.length) return -1;
  const head = new Flat(bytes.subarray(begin, begin + length), budget);
  const message = head.table(0);
  const versionAt = message.field(4);
  const kindAt = message.field(6);
  const kind = kindAt === 0 ? 0 : head.uint8(kindAt);
  // Before version 4, a buffer began with the number of its page.
  const buffer = versionAt !== 0 && head.int16(versionAt) >= 3 ? 16 : 24;
  head.within(message, 8, (place) => {
    const header = head.table(place);
    if (kind === SCHEMA) checkSchema(head, header);
    else if (kind === RECORD_BATCH) checkBatch(head, header, buffer);
    else if (kind === DICTIONARY_BATCH) {
      head.within(header, 6, (data) => checkBatch(head, head.table(data), buffer));
    }
  });
  const bodyAt = message.field(10);
  const next = begin + length + (bodyAt === 0 ? 0 : Number(head.int64(bodyAt)));
  return next > start ? next : -1;
};

const [SCHEMA, DICTIONARY_BATCH, RECORD_BATCH] = [1, 2, 3];

const checkBatch = (flat: Flat, batch: Table, buffer: number): void => {
  flat.vector(batch, 6, 16);
  flat.vector(batch, 8, buffer);
  flat.vector(batch, 12, 8);
};

const checkSchema = (flat: Flat, schema: Table): void => {
  flat.vector(schema, 6, 4, (place) => checkField(flat, flat.table(place)));
  flat.within(schema, 8, (place) => checkPairs(flat, place));
};

const UNION = 14;

const checkField = (flat: Flat, field: Table): void => {
  const kindAt = field.field(8);
  if (kindAt !== 0 && flat.uint8(kindAt) === UNION) {
    flat.within(field, 10, (place) => flat.vector(flat.table(place), 6, 4));
  }
  flat.vector(field, 14, 4, (place) => checkField(flat, flat.table(place)));
  flat.within(field, 16, (place) => checkPairs(flat, place));
};

/** Keys and values. */
const checkPairs = (flat: Flat, place: number): void => flat.elements(place, 4);
