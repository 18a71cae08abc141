/** Table of the reflected polynomial 0xEDB88320 (ISO 3309, as in zip and PNG). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/**
 * Checksum of a zip entry, or its continuation: `before` is the checksum of the preceding bytes. `node:zlib` has one,
 * but only since Node 20.15.
 */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
};
