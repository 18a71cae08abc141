import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/checkpoint/bytes/crc32.ts';

describe('crc32', () => {
  // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
  const digits = Buffer.from('123456789');

  it('is the checksum of zip', () => {
    expect(crc32(digits)).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });

  it('goes on from that of the bytes before', () => {
    for (let cut = 0; cut <= digits.length; cut++) {
      expect(crc32(digits.subarray(cut), crc32(digits.subarray(0, cut)))).toBe(0xcbf43926);
    }
  });
});
