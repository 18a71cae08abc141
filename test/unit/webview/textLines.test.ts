import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapText } from '../../../webview/figures/textLines.ts';
import { fittingText, textWidth } from '../../../webview/series/format.ts';

describe('wrapText', () => {
  it('breaks at spaces, and inside a word only when it is longer than a line', () => {
    const room = textWidth('1234567890', 10);
    expect(wrapText('one two three four', room, 10)).toEqual(['one two', 'three four']);
    expect(wrapText('a 12345678901234', room, 10)).toEqual(['a', '1234567890', '1234']);
    expect(wrapText('  ', room, 10)).toEqual([]);
  });

  it('keeps every character but the spaces, and every line within the width', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 400 }), (words, width) => {
        const lines = wrapText(words, width, 11);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(words.replaceAll(/\s/g, ''));
        for (const line of lines)
          if ([...line].length > 1) expect(textWidth(line, 11)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('fittingText', () => {
  const words = ['index k of the singular value', 'index k', 'k'];
  it('is the longest that fits, and the last where none does', () => {
    expect(fittingText(words, textWidth(words[0], 11), 11)).toBe(words[0]);
    expect(fittingText(words, textWidth(words[0], 11) - 1, 11)).toBe('index k');
    expect(fittingText(words, 1, 11)).toBe('k');
  });
});
