import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { PANEL_PAGES } from '../../../extension/panels/panelPages.ts';
import { REPRESENTATION_MEASURES, WEIGHT_MEASURES } from '../../../src/protocol/index.ts';
import { inventedImageReport } from '../webview/inventedReport.ts';

const root = new URL('../../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const bundle = JSON.parse(read('l10n/bundle.l10n.json')) as Record<string, string>;

const sources = ['extension', 'webview'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);

/** The text from after `l10n.t(` to its closing bracket; parentheses in strings do not count. */
const argumentsOf = (rest: string): string => {
  let [depth, quote] = [1, ''];
  for (let at = 0; at < rest.length; at++) {
    const letter = rest[at];
    if (letter === '\\') at++;
    else if (quote) quote = letter === quote ? '' : quote;
    else if (`'"\``.includes(letter)) quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter) && --depth === 0) return rest.slice(0, at);
  }
  return rest;
};
const calls = sources.flatMap((file) =>
  read(file)
    .split(/\bl10n\.t\(/)
    .slice(1)
    .map((rest) => ({ file, call: argumentsOf(rest).trim() })),
);
/** The first argument as a string; it must be a literal without escapes. */
const keyOf = (call: string): string | undefined => /^(['"])([^\\]*?)\1\s*(,|$)/.exec(call)?.[2];

/** The texts of the tables of measures, which pages translate entry by entry. */
const marked = [
  ...Object.values(REPRESENTATION_MEASURES).flatMap(({ label, meaning }) => [label, meaning]),
  ...Object.values(WEIGHT_MEASURES).flatMap(({ label, meaning, column }) => [label, meaning, column]),
];

/** Pages that a panel shows; the report is a separate file, without a host to translate it. */
const PAGES = sources.filter(
  (file) => /^webview\/pages\//.test(file) && /openPanel\(|connectHost\(/.test(read(file)),
);

describe('the strings for translators', () => {
  it('are literals in the source', () => {
    expect(calls.length).toBeGreaterThan(200);
    expect(calls.filter(({ call }) => keyOf(call) === undefined)).toEqual([]);
  });

  it('are all in l10n/bundle.l10n.json and nothing else is; node scripts/make-l10n.mjs writes it', () => {
    const used = new Set([...calls.map(({ call }) => keyOf(call)), ...marked]);
    expect(Object.keys(bundle)).toEqual([...used].sort());
    for (const [key, text] of Object.entries(bundle)) expect(text).toBe(key);
  });

  it('count their places from {0} without a gap', () => {
    const places = (key: string): number[] =>
      [...new Set([...key.matchAll(/\{(\d+)\}/g)].map(([, digits]) => Number(digits)))].sort((a, b) => a - b);
    for (const key of Object.keys(bundle)) {
      expect([key, places(key)]).toEqual([key, places(key).map((_, index) => index)]);
      expect(key.replace(/\{\d+\}/g, '')).not.toMatch(/[{}]/);
    }
  });
});

describe('a page of a panel', () => {
  it.each(PAGES)('%s sets the translations before it loads anything else', (file) => {
    expect(/^import [^\n]*/m.exec(read(file))?.[0]).toBe("import '../panel/strings.ts';");
  });

  it('is there for every panel, and for the training view', () => {
    const names = PAGES.map((file) => basename(file, '.ts'));
    expect(names.sort()).toEqual([...PANEL_PAGES, 'training'].sort());
  });
});

const vscode = vi.hoisted(() => ({
  env: { language: 'de' },
  l10n: { bundle: undefined as Record<string, string> | undefined },
  // Instead of the bundles, which need not be built here.
  Uri: { joinPath: () => ({ fsPath: 'media/styles/panel.css' }) },
}));
vi.mock('vscode', () => vscode);

describe('the HTML of a page', () => {
  const pageOf = async (strings: Record<string, string> | undefined): Promise<string> => {
    const { pageHtml } = await import('../../../extension/panels/panelHtml.ts');
    vscode.l10n.bundle = strings;
    return pageHtml({} as Uri, 'probes', 'Probes');
  };

  // The host remembers how figures were saved.
  afterEach(() => {
    vi.resetModules();
  });

  it('has no strings in English', async () => {
    expect(await pageOf(undefined)).toContain('<main id="panel"></main>');
  });

  it('has how figures were last saved', async () => {
    const { lastFigureStyle } = await import('../../../extension/panels/figureStyle.ts');
    const style = { width: 'oneColumn', textSize: 8, highlight: false } as const;
    lastFigureStyle.remember(style);
    // A figure that a command saves has no style of its page.
    lastFigureStyle.remember(undefined);
    const [, written] =
      /<main id="panel" data-figure-style="([^"]*)"><\/main>/.exec(await pageOf(undefined)) ?? [];
    expect(JSON.parse(written.replaceAll('&quot;', '"'))).toEqual(style);
  });

  it('has any translation as it was, in one attribute', async () => {
    const strings = { 'Save as:': `"><script>'&quot;&amp;\n⟦` };
    const [, written] = /<main id="panel" data-strings="([^"]*)"><\/main>/.exec(await pageOf(strings)) ?? [];
    expect(written).not.toContain('<');
    const read = written.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    expect(JSON.parse(read)).toEqual(strings);
  });
});

describe('a translation', () => {
  it('reaches tables that are made on loading, and sentences that are made later', async () => {
    l10n.config({
      contents: Object.fromEntries(Object.keys(bundle).map((key) => [key, `⟦${bundle[key]}⟧`])),
    });
    const { METHOD_LABELS } = await import('../../../webview/series/accuracy.ts');
    const { measureLabel, measureSeries } = await import('../../../webview/series/measures.ts');
    const { WEIGHT_MEASURES: words } = await import('../../../webview/checkpoint/series/words.ts');
    const { sampleWords } = await import('../../../webview/panel/words.ts');
    const { describePoint } = await import('../../../webview/series/describeAccuracy.ts');
    for (const label of Object.values(METHOD_LABELS)) expect(label).toMatch(/^⟦.*⟧$/);
    for (const { label, meaning } of Object.values(words)) expect(`${label}${meaning}`).toMatch(/^⟦.*⟧$/);
    for (const key of Object.keys(REPRESENTATION_MEASURES)) expect(measureLabel(key)).toMatch(/^⟦.*⟧$/);
    const { analysis } = inventedImageReport();
    for (const { meaning } of measureSeries(analysis)) expect(meaning).toMatch(/^⟦.*⟧$/);
    const counted = { ...analysis, epoch: 12, samples: { train: 5, test: 1000 } };
    expect(sampleWords(counted)).toBe('⟦1,000 test samples⟧, ⟦epoch 12⟧');
    const point = { layer: 'conv1', evaluation: null, shuffled: null, note: null };
    expect(describePoint({ task: 'digit', score: 'accuracy' }, point)).toBe('digit: ⟦no value⟧');
  });

  it('puts elements and hostile names in their places', async () => {
    const { sentence } = await import('../../../webview/panel/sentence.ts');
    expect(sentence('Für {1}: {0} behalten', '{1} $&', 'digit')).toEqual([
      'Für ',
      'digit',
      ': ',
      '{1} $&',
      ' behalten',
    ]);
  });
});
