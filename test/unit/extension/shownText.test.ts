import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asMarkdown, logText, messageText, textLines, withIcon } from '../../../extension/shown/text.ts';

/** Links as VS Code looks for them in the text of a message (its `parseLinkedText`). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** Icons as VS Code looks for them in labels. */
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

const pieces = fc.constantFrom(
  '[',
  ']',
  '(',
  ')',
  '$',
  'a',
  ' ',
  '\n',
  'command:x.y',
  '\u202e',
  '\u001b[31m',
  '`',
);
const hostile = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

describe('text that is shown', () => {
  it('holds no link, icon, control or bidirectional character, wherever it goes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const shown of [messageText(text), textLines([text, text]), withIcon(undefined, text)]) {
          expect(shown).not.toMatch(LINK);
          expect(shown).not.toMatch(ICON);
          expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        }
        expect(withIcon('layers', text).replace('$(layers) ', '')).not.toMatch(ICON);
      }),
    );
  });

  it('was a link before', () => {
    const link = '[click](command:workbench.action.terminal.new)';
    expect(link).toMatch(LINK);
    expect(messageText(link)).toBe('[click] (command:workbench.action.terminal.new)');
    expect('$(trash)').toMatch(ICON);
    expect(withIcon('layers', '$(trash)')).toBe('$(layers) $ (trash)');
  });

  it('is as long as a fault may be, and no longer', () => {
    expect(messageText('a'.repeat(900))).toHaveLength(900);
    expect(messageText('a'.repeat(1e6)).length).toBeLessThanOrEqual(1000);
    expect(textLines(['b'.repeat(1e6)]).length).toBeLessThanOrEqual(500);
  });

  it('keeps the lines of a log apart, and hides nothing in them', () => {
    expect(logText('Error: a\n    at b\u001b]0;title\u0007')).toBe(
      'Error: a\n    at b\\u001b]0;title\\u0007',
    );
    expect(logText('a'.repeat(1e6)).length).toBeLessThanOrEqual(20_000);
  });

  it('as Markdown has every character that could be markup or part of an address escaped', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bare = asMarkdown(text).replaceAll(/\\[!-/:-@[-`{-~]/g, '');
        expect(bare).not.toMatch(/[!-/:-@[-`{-~]/);
      }),
    );
    expect(asMarkdown('see https://a.b')).toBe('see https\\:\\/\\/a\\.b');
  });
});

describe('the pages', () => {
  const root = new URL('../../../webview/', import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  /** What turns text into elements or code. */
  const MAKERS =
    /innerHTML|outerHTML|insertAdjacentHTML|\.html\(|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\(|new Function/;

  it('make no elements and no code of text', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((name) => MAKERS.test(readFileSync(new URL(name, root), 'utf8')))).toEqual([]);
    for (const bad of ['a.innerHTML = b', "select('p').html(text)", 'new Function(a)'])
      expect(bad).toMatch(MAKERS);
  });
});
