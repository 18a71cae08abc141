import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { withMetadata } from '../../../webview/series/pngMetadata.ts';

const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 7, height: 5, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();

/** Types of the chunks, and their data, by the PNG specification. */
const chunksOf = (png: Uint8Array): [type: string, data: Buffer][] => {
  const bytes = Buffer.from(png);
  const chunks: [string, Buffer][] = [];
  for (let place = 8; place < bytes.length; ) {
    const length = bytes.readUInt32BE(place);
    chunks.push([
      bytes.toString('latin1', place + 4, place + 8),
      bytes.subarray(place + 8, place + 8 + length),
    ]);
    place += length + 12;
  }
  return chunks;
};

describe('a PNG with metadata', () => {
  it('has the density that was asked for, and the same pixels', async () => {
    const plain = await sharp(await picture())
      .raw()
      .toBuffer();
    const marked = Buffer.from(withMetadata(await picture(), 300, {}));
    // libvips refuses a chunk whose checksum is wrong.
    const { density, width, height } = await sharp(marked, { failOn: 'warning' }).metadata();
    expect([density, width, height]).toEqual([300, 7, 5]);
    expect(await sharp(marked, { failOn: 'warning' }).raw().toBuffer()).toEqual(plain);
  });

  it('has the density before the pixels, in dots per metre', async () => {
    const chunks = chunksOf(withMetadata(await picture(), 300, { Title: 'T' }));
    const types = chunks.map(([type]) => type);
    expect(types[0]).toBe('IHDR');
    expect(types.indexOf('pHYs')).toBeLessThan(types.indexOf('IDAT'));
    const data = chunks.find(([type]) => type === 'pHYs')?.[1] ?? Buffer.alloc(0);
    // 300 / 0.0254 = 11811.02.
    expect([data.readUInt32BE(0), data.readUInt32BE(4), data[8]]).toEqual([11811, 11811, 1]);
  });

  it('says what it is in UTF-8', async () => {
    const chunks = chunksOf(
      withMetadata(await picture(), 72, { Title: 'Spectrum σ₁', Description: 'n = 5' }),
    );
    const texts = chunks.filter(([type]) => type === 'iTXt').map(([, data]) => data.toString('utf8'));
    expect(texts).toEqual(['Title\0\0\0\0\0Spectrum σ₁', 'Description\0\0\0\0\0n = 5']);
  });
});
