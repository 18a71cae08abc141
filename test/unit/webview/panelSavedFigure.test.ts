import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { savedFigure, toBase64 } from '../../../webview/panel/savedFigure.ts';

describe('a saved figure', () => {
  it('is sent as text for SVG and CSV', async () => {
    const svg = await savedFigure('Spectra é', 'svg', '<svg>σ</svg>');
    expect(svg).toEqual({ title: 'Spectra é', format: 'svg', content: '<svg>σ</svg>' });
    expect((await savedFigure('T', 'csv', 'a,b\r\n')).content).toBe('a,b\r\n');
  });

  it('is sent as base64 for PNG', async () => {
    const signature = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const { content, format } = await savedFigure('T', 'png', new Blob([signature]));
    expect([format, content]).toEqual(['png', 'iVBORw0KGgo=']);
  });

  it('encodes bytes of any number as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
    const large = Uint8Array.from({ length: 300_001 }, (_, index) => (index * 31) % 256);
    expect(toBase64(large)).toBe(Buffer.from(large).toString('base64'));
  });
});
