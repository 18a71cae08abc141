import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkSync } from 'recheck';
import { SyntaxKind } from 'typescript/unstable/ast';
import { isCallExpression, isNewExpression } from 'typescript/unstable/ast/is';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSources, placeOf, walk } from './sourceTree.ts';

/** The checker's own JavaScript: its native builds are optional packages. */
process.env.RECHECK_BACKEND = 'pure';

/** Why a pattern is unsafe, or null: its time grows with the square of the text's length, or faster. */
const slowness = (pattern: string, flags: string): string | null => {
  // No time limit: on a busy machine a safe pattern would reach it.
  const limits = { timeout: null, attackTimeout: null, incubationTimeout: null };
  const result = checkSync(pattern, flags, { ...limits, logger: undefined });
  if (result.status === 'safe') return null;
  return result.status === 'vulnerable' ? result.complexity.summary : `unknown: ${result.error.kind}`;
};

/**
 * The patterns that the checker found safe, because it is slow: `RECORD_PATTERNS=1 npx vitest run` on this file
 * rewrites the list. Patterns that are not on it are checked, and one in ten of those that are, chosen by the seed of
 * the tests; all with another version of the checker.
 */
const RECORD = new URL('safePatterns.json', import.meta.url);
const VERSION: string = createRequire(import.meta.url)('recheck/package.json').version;
const isRecording = process.env.RECORD_PATTERNS !== undefined;
const TENTHS = 10;
const tenth = Number(process.env.PENTIMENTO_TEST_SEED || Date.now()) % TENTHS;

/** The patterns that are known to be safe and are not checked this time. */
const trusted = (): ReadonlySet<string> => {
  const { recheck, patterns }: { recheck: string; patterns: string[] } = JSON.parse(
    readFileSync(RECORD, 'utf8'),
  );
  if (isRecording || recheck !== VERSION) return new Set();
  return new Set(patterns.filter((_, at) => at % TENTHS !== tenth));
};

describe('regular expressions', () => {
  const literals = new Map<string, string>();
  const composed: string[] = [];

  beforeAll(() => {
    const { sources, close } = openSources();
    for (const source of sources) {
      walk(source.file, (node) => {
        if (node.kind === SyntaxKind.RegularExpressionLiteral) {
          literals.set(node.getText(), placeOf(source, node));
        }
        const isMade =
          (isNewExpression(node) || isCallExpression(node)) && node.expression.getText() === 'RegExp';
        if (isMade) composed.push(placeOf(source, node));
      });
    }
    close();
  });

  it('the checker finds patterns that backtrack', () => {
    expect(slowness('^(a+)+$', '')).toContain('exponential');
    expect(slowness('\\s*\\n', '')).toContain('polynomial');
    expect(slowness('^\\w*(?:weight|kernel)\\w*$', '')).toContain('polynomial');
    expect(slowness('^[a-z]+$', '')).toBeNull();
  });

  it('none is composed from text, where nothing could check it', () => expect(composed).toEqual([]));

  it('every one takes time in proportion to the text', () => {
    expect(literals.size).toBeGreaterThan(100);
    console.log(`Patterns: part ${tenth} of ${TENTHS} of the recorded (PENTIMENTO_TEST_SEED=${tenth}).`);
    const slow: string[] = [];
    const known = trusted();
    for (const [literal, place] of literals) {
      if (known.has(literal)) continue;
      const end = literal.lastIndexOf('/');
      const why = slowness(literal.slice(1, end), literal.slice(end + 1));
      if (why !== null) slow.push(`${place} ${literal}: ${why}`);
    }
    expect(slow).toEqual([]);
    const patterns = [...literals.keys()].sort();
    if (isRecording) writeFileSync(RECORD, `${JSON.stringify({ recheck: VERSION, patterns }, null, 2)}\n`);
  });
});
