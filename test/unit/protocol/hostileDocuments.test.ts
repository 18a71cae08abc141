import { describe, expect, it } from 'vitest';
import {
  ANALYSIS_DOCUMENT,
  type DocumentKind,
  Fault,
  LONGEST_METRIC,
  lastMetricIn,
  MetricLines,
  MOST_OPENING_PANELS,
  OPENING_DOCUMENT,
  parseDocument,
  RECOMMENDATIONS_DOCUMENT,
  RUN_DOCUMENT,
  SELECTIONS_DOCUMENT,
} from '../../../src/protocol/index.ts';
import { MOST_LEVELS, tooDeepAt } from '../../../src/protocol/nesting.ts';

const faultOf = (work: () => unknown): Fault => {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('did not fail');
};

const KINDS: readonly (readonly [string, DocumentKind<unknown>])[] = [
  ['run.json', RUN_DOCUMENT],
  ['analysis.json', ANALYSIS_DOCUMENT],
  ['selection.json', SELECTIONS_DOCUMENT],
  ['recommendations.json', RECOMMENDATIONS_DOCUMENT],
  ['show.json', OPENING_DOCUMENT],
];

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a document', () => {
  it.each(KINDS)('%s: nested too deep is a located fault, open or closed', (name, kind) => {
    const levels = Math.min(kind.limit / 2, 1e6);
    for (const text of ['['.repeat(levels), nested(levels), `{"version":1,"x":${nested(10_000)}}`]) {
      const fault = faultOf(() => parseDocument(kind, text, name));
      expect(fault.where).toBe(name);
      expect(fault.what).toMatch(/^is nested more than 64 levels deep \(character \d+\)$/);
    }
  });

  it.each(KINDS)('%s: larger than its limit is a located fault', (name, kind) => {
    const fault = faultOf(() => parseDocument(kind, ' '.repeat(kind.limit + 1), name));
    expect(fault.where).toBe(name);
    expect(fault.what).toMatch(/^is \d+ (KB|MB) large; Pentimento reads up to \d+ (KB|MB)$/);
  });

  it('with a million wrong items is read in memory of its own size', () => {
    const wrong = [
      `{"version":1,"layers":[${'1,'.repeat(1e6)}1]}`,
      `{"version":1,"layers":[{"name":"a","singularValues":[${'"",'.repeat(1e6)}1]}]}`,
      `{"version":1,"definitions":{${Array.from({ length: 5e5 }, (_, i) => `"${i}":1`).join()}}}`,
    ];
    const before = process.resourceUsage().maxRSS;
    for (const text of wrong)
      expect(faultOf(() => parseDocument(ANALYSIS_DOCUMENT, text, 'a')).where).toMatch(/^a/);
    // Kilobytes. It took more than 500 MB, and the second ended in "Maximum call stack size exceeded".
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(300_000);
  });
});

describe('the depth of a text', () => {
  it('is that of its brackets outside of strings', () => {
    expect(tooDeepAt(nested(MOST_LEVELS))).toBeNull();
    expect(tooDeepAt(nested(MOST_LEVELS + 1))).toBe(MOST_LEVELS);
    expect(tooDeepAt(`["${'['.repeat(1000)}\\"${'{'.repeat(1000)}"]`)).toBeNull();
    expect(tooDeepAt(`${'[]{}'.repeat(10_000)}"`)).toBeNull();
    expect(tooDeepAt('"\\')).toBeNull();
  });
});

describe('show.json', () => {
  const panel = (run: string) => ({ page: 'spectra', run });
  const parse = (panels: unknown) => parseDocument(OPENING_DOCUMENT, JSON.stringify({ panels }), 'show.json');

  it.each(['..', '.', '../other', '/etc', 'a/b', 'a\\b', 'C:', '\0', ''])('takes no run %j', (run) => {
    expect(faultOf(() => parse([panel('demo'), panel(run)])).where).toBe('show.json, panels[1].run');
  });

  it('takes a few panels of runs by their names', () => {
    const few = Array.from({ length: MOST_OPENING_PANELS }, (_, i) => panel(`run ${i}...`));
    expect(parse(few).panels).toEqual(few);
    const fault = faultOf(() => parse([...few, panel('one')]));
    expect([fault.where, fault.what]).toEqual(['show.json, panels', 'names more than 4 panels']);
  });
});

describe('metrics', () => {
  const metric = { step: 1, epoch: 0, loss: 1, learningRate: 0.1 };
  const line = `${JSON.stringify(metric)}\n`;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const linesOf = (...pieces: string[]): number => {
    let count = 0;
    const lines = new MetricLines('m', () => count++);
    for (const piece of pieces) lines.take(bytes(piece));
    return count;
  };

  it('are the same wherever a piece ends', () => {
    const text = line.repeat(3);
    for (let at = 0; at <= text.length; at++) expect(linesOf(text.slice(0, at), text.slice(at))).toBe(3);
  });

  it('end at the first empty line, of however many', () => {
    expect(faultOf(() => linesOf('\n'.repeat(1e6))).where).toBe('m, line 1');
    expect(faultOf(() => linesOf(line, '\n')).where).toBe('m, line 2');
  });

  it('end at a line without an end, when it is longer than any metric', () => {
    const taken: number[] = [];
    const lines = new MetricLines('m', () => {});
    const endless = (): void => {
      for (let piece = 0; piece < 1000; piece++) {
        lines.take(bytes(' '.repeat(100)));
        taken.push(piece);
      }
    };
    expect(faultOf(endless)).toMatchObject({ where: 'm, line 1', what: 'is longer than 1024 characters' });
    expect(taken.length * 100).toBeLessThanOrEqual(LONGEST_METRIC);
    expect(faultOf(() => linesOf(`${' '.repeat(1e6)}${line}`)).where).toBe('m, line 1');
  });

  it('the last is found in the end of the file alone', () => {
    const last = (text: string) => lastMetricIn(bytes(text), 'm');
    expect(last('')).toBeNull();
    expect(last('{"step":1,')).toBeNull();
    expect(last(line)).toEqual(metric);
    expect(last(`half a line}\n${line}{"step":2`)).toEqual(metric);
    expect(faultOf(() => last('\n\n')).where).toBe('m, last line');
    expect(faultOf(() => last(' '.repeat(4096))).where).toBe('m, last line');
  });
});
