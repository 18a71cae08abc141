import { BYTES, FIXED32, FIXED64, type Field, type ProtobufFile, VARINT } from '../bytes/protobuf.ts';

/** How a repeated number is written, unless packed. */
export type NumberWire = typeof VARINT | typeof FIXED32 | typeof FIXED64;

const SIZES: Readonly<Record<number, number>> = { [FIXED32]: 4, [FIXED64]: 8 };

/**
 * How many numbers a repeated field has, as far as tags and lengths show. Packed varints are one to ten bytes long:
 * counting them exactly would mean reading them.
 */
export class FieldTally {
  bytes = 0;
  least = 0;
  most = 0;

  constructor(
    private readonly file: ProtobufFile,
    private readonly wire: NumberWire,
    private readonly what: string,
  ) {}

  add(field: Field): void {
    const length = field.end - field.start;
    this.bytes += length;
    if (field.wire === BYTES) this.addPacked(field, length);
    else {
      this.file.demand(field, this.wire, this.what);
      this.least++;
      this.most++;
    }
  }

  private addPacked(field: Field, length: number): void {
    if (this.wire === VARINT) {
      this.least += Math.ceil(length / 10);
      this.most += length;
      return;
    }
    const count = length / SIZES[this.wire];
    if (!Number.isInteger(count)) {
      throw this.file.fault(
        `has ${this.what} of ${length} bytes, no multiple of ${SIZES[this.wire]}`,
        field.at,
      );
    }
    this.least += count;
    this.most += count;
  }

  admits(count: number): boolean {
    return this.least <= count && count <= this.most;
  }
}
