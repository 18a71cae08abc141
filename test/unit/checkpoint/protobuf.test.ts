import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { type Field, int64Of, ProtobufFile } from '../../../src/checkpoint/bytes/protobuf.ts';
import { faultOf } from './scratch.ts';

const fileOf = (bytes: readonly number[] | Uint8Array, maxSteps = 1000) =>
  new ProtobufFile(memorySource(Uint8Array.from(bytes), 'p'), 'Save it again', maxSteps);

const fieldsOf = async (bytes: readonly number[]) => {
  const fields: Field[] = [];
  await fileOf(bytes).walk({ start: 0, end: bytes.length }, (field) => void fields.push(field));
  return fields;
};
const textOf = async (bytes: readonly number[], field: Field, limit: number) => {
  let found = '';
  await fileOf(bytes).text(field, 'a name', limit, (text) => {
    found = text;
  });
  return found;
};
const messageOf = async (bytes: readonly number[], maxSteps?: number) =>
  (await faultOf(fileOf(bytes, maxSteps).walk({ start: 0, end: bytes.length }, () => {}))).message;

describe('ProtobufFile', () => {
  it('reads the examples of the encoding guide', async () => {
    // protobuf.dev/programming-guides/encoding: field 1 = 150; field 2 = "testing"; -2 as ten bytes.
    expect(await fieldsOf([0x08, 0x96, 0x01])).toMatchObject([{ number: 1, wire: 0, low: 150, high: 0 }]);
    const text = [0x12, 0x07, ...Buffer.from('testing')];
    const [field] = await fieldsOf(text);
    expect(field).toMatchObject({ number: 2, wire: 2, start: 2, end: 9 });
    expect(await textOf(text, field, 7)).toBe('testing');
    const minusTwo = [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    expect((await fieldsOf(minusTwo)).map(int64Of)).toEqual([-2]);
  });

  it('reads packed numbers: 3, 270, 86942', async () => {
    const bytes = [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05];
    const [field] = await fieldsOf(bytes);
    const values: number[] = [];
    await fileOf(bytes).walkPacked(field, ({ low }) => void values.push(low));
    expect([field.number, values]).toEqual([6, [3, 270, 86942]]);
  });

  it.each([
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [-(2n ** 53n) + 1n, -(2 ** 53) + 1],
    [2n ** 31n, 2 ** 31],
    [2n ** 35n + 5n, 2 ** 35 + 5],
    [-1n, -1],
    [2n ** 63n - 1n, 2 ** 63],
    [-(2n ** 63n), -(2 ** 63)],
  ])('reads the varint %s', async (value, expected) => {
    const bytes: number[] = [0x08];
    for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
      bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
      if (rest <= 127n) break;
    }
    expect((await fieldsOf(bytes)).map(int64Of)).toEqual([expected]);
  });

  it('skips fixed and long values, at the right places', async () => {
    const bytes = [0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 2, 9, 9, 0x20, 0];
    expect((await fieldsOf(bytes)).map(({ number, start, end }) => [number, start, end])).toEqual([
      [1, 1, 5],
      [2, 6, 14],
      [3, 16, 18],
      [4, 19, 20],
    ]);
  });

  it.each([
    ['a tag that is cut off', [0x80], 'p, byte 0: is cut off in a number.'],
    ['a length beyond the end', [0x0a, 5, 1], 'p, byte 0: has field 1 of 5 bytes where 1 are left.'],
    ['4 bytes that are not there', [0x0d, 1], 'p, byte 0: has field 1 of 4 bytes where 1 are left.'],
    ['8 bytes that are not there', [0x09], 'p, byte 0: has field 1 of 8 bytes where 0 are left.'],
    ['the start of a group', [0x08, 1, 0x0b], 'p, byte 2: has a field of wire type 3, which is not in use.'],
    ['the end of a group', [0x0c], 'p, byte 0: has a field of wire type 4, which is not in use.'],
    ['wire type 6', [0x0e], 'p, byte 0: has a field of wire type 6, which is not in use.'],
    ['field 0', [0x00, 0], 'p, byte 0: has a field without a valid number.'],
    [
      '11 bytes of a number',
      [0x08, ...Array(11).fill(0xff)],
      'p, byte 1: has a number of more than 10 bytes.',
    ],
  ])('refuses %s', async (_, bytes, message) => {
    expect(await messageOf(bytes)).toBe(`${message} Save it again.`);
  });

  it('stops after its limit of fields', async () => {
    expect(await messageOf([0x08, 1, 0x08, 1, 0x08, 1], 2)).toBe(
      'p, byte 4: has more than 2 fields. Save it again.',
    );
  });

  it('refuses a text above its limit, and cuts a description', async () => {
    const bytes = [0x0a, 4, ...Buffer.from('abç')];
    const [field] = await fieldsOf(bytes);
    expect((await faultOf(textOf(bytes, field, 3))).message).toBe(
      'p, byte 0: has a name of 4 bytes, above 3. Save it again.',
    );
    expect(await fileOf(bytes).shortText(field, 'a name', 3)).toBe('ab…');
    expect(await fileOf(bytes).shortText(field, 'a name', 4)).toBe('abç');
  });
});
