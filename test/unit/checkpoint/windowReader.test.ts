import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { readItems, readMembers, skipValue } from '../../../src/checkpoint/bytes/windowedJson.ts';
import { WindowReader } from '../../../src/checkpoint/bytes/windowReader.ts';
import { faultOf } from './scratch.ts';

/** What the reader loads at once. */
const WINDOW = 3 * 2 ** 15;

const readerOf = (text: string | Uint8Array): WindowReader => {
  const bytes = Buffer.from(text);
  return new WindowReader(memorySource(bytes, 'FILE'), 0, bytes.length, 'Fetch it again');
};

/** The members of an object of texts. */
const textsIn = async (text: string, most = 2 ** 24): Promise<Map<string, string | number>> => {
  const reader = readerOf(text);
  const found = new Map<string, string | number>();
  const has = (key: string) => found.has(key);
  await readMembers(reader, 'all', has, async (key) => {
    found.set(key, await reader.longString('a text', most));
  });
  await reader.fill();
  reader.end();
  return found;
};

const messageOf = async (promise: Promise<unknown>): Promise<string> => (await faultOf(promise)).message;

describe('a header that is longer than the window', () => {
  it('is read as JSON.parse reads it, wherever the window ends', async () => {
    const odd = 'ü\u{1f600}€"\\\n\u0001\ud83d é';
    for (let shift = 0; shift < 40; shift++) {
      const texts = { a: `${'x'.repeat(WINDOW - 40 + shift)}${odd}`, b: odd.repeat(20_000), ü: '' };
      for (const text of [JSON.stringify(texts), JSON.stringify(texts, null, 3)]) {
        expect(Object.fromEntries(await textsIn(text))).toEqual(JSON.parse(text));
      }
    }
  });

  it('is read as JSON.parse reads it, whatever texts it has', async () => {
    const texts = fc.dictionary(fc.string({ unit: 'binary', maxLength: 9 }), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(200_000), async (object, space) => {
        const text = JSON.stringify(object).replace('{', `{${' '.repeat(space)}`);
        expect(new Map(await textsIn(text))).toEqual(new Map(Object.entries(JSON.parse(text))));
      }),
      { numRuns: 100 },
    );
  });

  it('gives the length of a text that is too long to be kept, in bytes', async () => {
    const found = await textsIn(`{"a":"${'ü'.repeat(300_000)}","b":"short","c":"${'\\n'.repeat(9)}"}`, 1000);
    expect([...found]).toEqual([
      ['a', 600_000],
      ['b', 'short'],
      ['c', '\n'.repeat(9)],
    ]);
  });

  it('is never held whole', async () => {
    const source = memorySource(Buffer.from(`{"a":"${'x'.repeat(3_000_000)}"}`));
    const lengths: number[] = [];
    const watched: ByteSource = {
      ...source,
      read: (offset, length) => {
        lengths.push(length);
        return source.read(offset, length);
      },
    };
    const reader = new WindowReader(watched, 0, source.size, '');
    await readMembers(
      reader,
      'all',
      () => false,
      async () => void (await skipValue(reader, 'a value')),
    );
    expect(Math.max(...lengths)).toBe(WINDOW);
  });

  it('begins and ends where it is said to', async () => {
    const bytes = Buffer.from(`garbage{"a":"${'x'.repeat(WINDOW)}"}garbage`);
    const reader = new WindowReader(memorySource(bytes), 7, bytes.length - 7, '');
    await readMembers(
      reader,
      'all',
      () => false,
      async () => void (await skipValue(reader, 'a value')),
    );
    reader.end();
  });
});

describe('values of any kind', () => {
  it('are stepped over, whatever they nest', async () => {
    const text = (value: unknown) => `${JSON.stringify(value)}`;
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 9 }), async (value) => {
        const reader = readerOf(`[${text(value)},7]`);
        const kept = await readItems(reader, 'all', 2, () => skipValue(reader, 'a value'));
        reader.end();
        expect(kept[1]).toBe('7');
        if (typeof value === 'string') expect(kept[0]).toBe(value);
        if (typeof value === 'object' && value !== null) expect(kept[0]).toBeNull();
      }),
    );
  });

  it.each([
    ['{"a":[1,2', `FILE, byte 9: has a header in which ',' or ']' is expected.`],
    ['{"a":[1,]}', 'FILE, byte 8: has a header in which a value is expected.'],
    ['{"a":{"b" 1}}', `FILE, byte 10: has a header in which ':' is expected.`],
    ['{"a":[{"b":1]}', `FILE, byte 12: has a header in which ',' or '}' is expected.`],
    ['{"a":"\n"}', 'FILE, byte 5: has a header with a malformed string.'],
    ['{"a":["\\u12x4"]}', 'FILE, byte 6: has a header with a malformed string.'],
    ['{"a":"cut', 'FILE, byte 5: has a header with a malformed string.'],
    ['{"a":"cut\\', 'FILE, byte 5: has a header with a malformed string.'],
    [`{"a":${'['.repeat(70)}`, 'FILE, byte 70: nests deeper than 64 levels.'],
  ])('are refused when they are no JSON: %s', async (text, message) => {
    const reader = readerOf(text);
    const reading = readMembers(
      reader,
      'all',
      () => false,
      async () => {
        await skipValue(reader, 'a value');
      },
    );
    expect(await messageOf(reading)).toBe(`${message} Fetch it again.`);
  });
});

describe('what is refused of a header', () => {
  it.each([
    ['a byte that no character begins with', [0xff]],
    ['a character that is cut off by the end', [0xe2, 0x82]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('%s, far behind the first window', async (_, bad) => {
    const text = Buffer.concat([Buffer.from(`{"a":"${'€'.repeat(100_000)}"}   `), Buffer.from(bad)]);
    const reader = readerOf(text);
    const reading = readMembers(
      reader,
      'all',
      () => false,
      async () => {
        await reader.longString('a text', 10);
      },
    ).then(() => reader.fill());
    expect(await messageOf(reading)).toBe('FILE, byte 0: is not UTF-8. Fetch it again.');
  });

  it('a key that does not fit into the window', async () => {
    expect(await messageOf(textsIn(`{"${'x'.repeat(2 * WINDOW)}":""}`))).toBe(
      'FILE, byte 1: has one part of more than 32768 bytes in its header. Fetch it again.',
    );
    const long = 'x'.repeat(32_000);
    expect((await textsIn(`{"${long}":"y"}`)).get(long)).toBe('y');
  });

  it('a key that is there twice, at its place', async () => {
    const filler = 'x'.repeat(2 * WINDOW);
    expect(await messageOf(textsIn(`{"a":"${filler}","b":"","a":""}`))).toBe(
      `FILE, byte ${filler.length + 15}: has the key "a" twice in its header. Fetch it again.`,
    );
  });
});
