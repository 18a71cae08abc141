import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { crc32 } from '../../../src/checkpoint/bytes/crc32.ts';
import { InflatedParts } from '../../../src/checkpoint/bytes/inflatedParts.ts';

const plain = Uint8Array.from({ length: 3_000_000 }, (_, k) => (k * 2654435761) >>> 24);
const packed = new Uint8Array(deflateRawSync(plain));

const partsOf = (bytes = packed, claimed: { size?: number; checksum?: number } = {}) => {
  let read = 0;
  const memory = memorySource(bytes);
  const source = {
    ...memory,
    read: (offset: number, length: number) => {
      read += length;
      return memory.read(offset, length);
    },
  };
  const parts = new InflatedParts({
    source,
    begin: 0,
    compressedSize: bytes.length,
    size: plain.length,
    checksum: crc32(plain),
    refuse: (what) => new Error(`it ${what}`),
    ...claimed,
  });
  return { parts, bytesRead: () => read };
};

describe('a deflated stretch in parts', () => {
  it('is what it was before, read once when it is read in order', async () => {
    const { parts, bytesRead } = partsOf();
    for (let at = 0; at < plain.length; at += 700_001) {
      const end = Math.min(plain.length, at + 700_001);
      expect(Buffer.compare(await parts.read(at, end - at), plain.subarray(at, end))).toBe(0);
    }
    expect(bytesRead()).toBe(packed.length);
  });

  it('leaves out what lies between, and goes back', async () => {
    const { parts } = partsOf();
    expect([...(await parts.read(2_999_990, 10))]).toEqual([...plain.subarray(2_999_990)]);
    expect([...(await parts.read(5, 3))]).toEqual([...plain.subarray(5, 8)]);
    expect([...(await parts.read(1_500_000, 3))]).toEqual([...plain.subarray(1_500_000, 1_500_003)]);
  });

  it.each([
    ['does not match its checksum', packed, { checksum: 1 }],
    ['inflates to more than the 2999999 bytes that it claims', packed, { size: plain.length - 1 }],
    ['is cut off', packed, { size: plain.length + 1 }],
    ['cannot be inflated', packed.map((byte, k) => (k > 1000 ? 255 - byte : byte)), {}],
  ])('is refused when it %s', async (what, bytes, claimed) => {
    const { parts } = partsOf(bytes, claimed);
    const size = claimed && 'size' in claimed ? claimed.size! : plain.length;
    await expect(parts.read(0, size)).rejects.toThrow(
      what === 'is cut off' ? /inflates to 3000000|is cut off/ : what,
    );
  });
});
