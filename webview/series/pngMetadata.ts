/** CRC-32 of the PNG specification, of every byte. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
};

/** The physical size: `dpi` dots per inch in both directions, in dots per metre. */
const densityChunk = (dpi: number): Uint8Array => {
  const data = new Uint8Array(9);
  const view = new DataView(data.buffer);
  for (const place of [0, 4]) view.setUint32(place, Math.round(dpi / 0.0254));
  data[8] = 1;
  return chunk('pHYs', data);
};

/** An uncompressed text in UTF-8, without language and translated keyword. */
const textChunk = (keyword: string, text: string): Uint8Array =>
  chunk('iTXt', new TextEncoder().encode(`${keyword}\0\0\0\0\0${text.replaceAll('\0', ' ')}`));

/** Signature and header come first in every PNG. */
const HEADER = 8 + 25;

/** A PNG with its density and with texts; it must have neither. */
export const withMetadata = (
  png: Uint8Array,
  dpi: number,
  texts: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> => {
  const added = [
    densityChunk(dpi),
    ...Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text)),
  ];
  const parts = [png.subarray(0, HEADER), ...added, png.subarray(HEADER)];
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
};
