import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inert,
  inputFault,
  LONGEST_TEXT,
  shortened,
  shown,
  visible,
  visibleLine,
} from '../../../src/protocol/index.ts';

/** What VS Code turns into links within messages (vs/base/common/linkedText.ts), written from its description. */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/i;

describe('inert text', () => {
  it('takes links and icons apart', () => {
    expect(inert('[run me](command:workbench.action.quit)')).toBe('[run me] (command:workbench.action.quit)');
    expect(inert('$(trash) gone')).toBe('$ (trash) gone');
  });

  it('shows control characters, directions and what has no width instead of obeying them', () => {
    expect(visible('\u001b]0;title\u0007')).toBe('\\u001b]0;title\\u0007');
    expect(visible('safe\u202Egnp.exe')).toBe('safe\\u202egnp.exe');
    expect(visible('a\u200Bb\u{E0041}')).toBe('a\\u200bb\\ue0041');
    expect(visible('\ud800')).toBe('\\ud800');
  });

  it('leaves names in other scripts as they are', () => {
    for (const name of ['модель', '层', 'نمی\u200cخواهم', '👩\u200d🔬', 'Δw₁'])
      expect(inert(name)).toBe(name);
  });

  it('is one line of limited length, and does not cut a character in two', () => {
    expect(inert('one\r\n   two\n\nthree')).toBe('one two three');
    expect(inert('x'.repeat(10_000))).toHaveLength(LONGEST_TEXT);
    expect(shortened('a👍b', 3)).toBe('a…');
    expect(shown('n'.repeat(10_000)).length).toBeLessThan(100);
  });

  it('holds no link, no icon and no control character, and stays what it is, whatever comes in', () => {
    const pieces = fc.constantFrom(
      '](',
      '$(',
      '[',
      'command:x',
      ')',
      '\n',
      '\u001b',
      '\u202e',
      ' ',
      'a',
      '👍',
      '\ud83d',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const safe = inert(text);
          expect(safe).not.toMatch(LINK);
          expect(safe).not.toContain('$(');
          expect(safe).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
          expect(safe.length).toBeLessThanOrEqual(LONGEST_TEXT);
          expect(inert(safe)).toBe(safe);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is what a fault says, wherever the text came from', () => {
    const { message } = inputFault('has "[x](command:y)"', 'a\u001b[31m.json', 'Rename \n it');
    expect(message).toBe('a\\u001b[31m.json: has "[x] (command:y)". Rename it.');
  });
});

describe('a line for a terminal', () => {
  it('has names as they are, and hidden characters visible', () => {
    expect(visibleLine('attn[q](k) and $(trash)')).toBe('attn[q](k) and $(trash)');
    expect(visibleLine('one\r\n  two\u001b]0;x\u0007')).toBe('one two\\u001b]0;x\\u0007');
    expect(visibleLine('x'.repeat(10_000))).toHaveLength(LONGEST_TEXT);
    expect(visibleLine('name', 3)).toBe('na…');
  });
});
