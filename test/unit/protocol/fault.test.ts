import { describe, expect, it } from 'vitest';
import { libraryReason } from '../../../src/protocol/index.ts';

describe('what a library says', () => {
  it('is its first line, and not too long', () => {
    expect(libraryReason(new Error('no such codec\nat x'))).toBe('no such codec');
    expect(libraryReason('text')).toBe('text');
    expect(libraryReason(new Error('x'.repeat(1000)))).toHaveLength(200);
  });

  it('is not about its own code', () => {
    const own = [
      () => (undefined as unknown as string).length,
      () => new Array(-1),
      () => new DataView(new ArrayBuffer(1)).getFloat64(0),
    ];
    for (const fails of own) {
      let error: unknown;
      try {
        fails();
      } catch (thrown) {
        error = thrown;
      }
      expect(libraryReason(error)).toBe('it is damaged, or of an unknown kind');
    }
  });
});
