import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { webviewBuildOptions } from '../../../scripts/build-webview.mjs';
import { type ReportAssets, type ReportSource, renderReport } from '../../../src/handover/report.ts';
import {
  analysisSchema,
  metricSchema,
  recommendationSchema,
  runSchema,
} from '../../../src/protocol/index.ts';
import { inventedImageReport, inventedTheoryReport } from '../webview/inventedReport.ts';
import { loadsOf } from './loads.ts';

let assets: ReportAssets;
beforeAll(async () => {
  const { outputFiles } = await build({ ...webviewBuildOptions, write: false });
  const text = (name: string): string => outputFiles.find(({ path }) => basename(path) === name)?.text ?? '';
  assets = { script: text('report.js'), style: text('report.css') };
});

const small: ReportAssets = { script: 'run();', style: 'p{margin:0}' };

const between = (html: string, open: string, close: string): string => {
  const start = html.indexOf(open) + open.length;
  return html.slice(start, html.indexOf(close, start));
};
const DATA = '<script type="application/json" id="report-data">';
const dataOf = (html: string) => JSON.parse(between(html, DATA, '</script>'));

const source = inventedTheoryReport();
const withName = (name: string): ReportSource => {
  const layers = source.analysis.layers.map((layer) => ({ ...layer, name }));
  return { ...source, analysis: { ...source.analysis, experiment: name, layers } };
};

describe('the invented documents', () => {
  it('are valid', () => {
    for (const { subject, metrics, analysis, recommendations } of [
      inventedImageReport(),
      inventedTheoryReport(),
    ]) {
      runSchema.parse(subject.record);
      z.array(metricSchema).parse(metrics);
      analysisSchema.parse(analysis);
      z.array(recommendationSchema).parse(recommendations);
    }
  });
});

describe('renderReport', () => {
  it('keeps a hostile name from ending its element or becoming one', () => {
    const hostile = `</script><img src=x onerror=alert(1)><!--<script>"'&`;
    const html = renderReport(withName(hostile), small);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<!--');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(between(html, '<title>', '</title>')).toBe(
      `&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&lt;!--&lt;script&gt;"'&amp;: layers`,
    );
    expect(dataOf(html).analysis.experiment).toBe(hostile);
  });

  it('gives any name back as it was', () => {
    const anyName = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('</SCRIPT', '\u2028', '$&', '\ud800'),
    );
    fc.assert(
      fc.property(anyName, (name) => {
        const data = between(renderReport(withName(name), small), DATA, '</script>');
        expect(data).not.toContain('<');
        expect(JSON.parse(data).analysis.layers[0].name).toBe(name);
      }),
      { numRuns: 50 },
    );
  });

  it('allows exactly its own script and style, by hash', () => {
    const html = renderReport(inventedImageReport(), { script: 'a();\r\nb();', style: 'p{}\r\n' });
    const policy = between(html, 'Content-Security-Policy" content="', '"');
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
    const script = between(html, '</script>\n<script>', '</script>');
    // As a parser reads it: without carriage returns.
    expect(script).toBe('a();\nb();');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash(script)}'`,
      `style-src 'sha256-${hash(between(html, '<style>', '</style>'))}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('refuses assets that would end their own element', () => {
    expect(() => renderReport(source, { ...small, script: 'x="</script>"' })).toThrow('end its element');
    expect(() => renderReport(source, { ...small, style: 'p{}</STYLE>' })).toThrow('end its element');
  });

  it('carries every number of the documents and not the folder of the run', () => {
    const source = inventedImageReport();
    const html = renderReport(source, small);
    const { subject, ...documents } = dataOf(html);
    expect(documents).toEqual({
      metrics: source.metrics,
      analysis: source.analysis,
      recommendations: source.recommendations,
    });
    const { record } = source.subject;
    expect(subject).toMatchObject({ kind: 'run', record: { dataHash: record.dataHash } });
    expect(html).not.toContain(record.baseDirectory);
  });

  it('is of an inspection too, with what it names and without its folder', () => {
    const { analysis, recommendations } = inventedImageReport();
    const record = {
      version: 1 as const,
      name: 'vit',
      baseDirectory: '/home/someone/secret',
      inspection: { model: 'vit.onnx', data: { kind: 'images', path: 'birds' } },
      versions: { pentimento: '0.1.0' },
      created: '2026-11-30T04:00:00.000Z',
    };
    const html = renderReport(
      { subject: { kind: 'inspection', record }, metrics: [], analysis, recommendations },
      small,
    );
    expect(dataOf(html).subject).toMatchObject({
      kind: 'inspection',
      record: { inspection: record.inspection },
    });
    expect(html).not.toContain('secret');
  });

  it('loads nothing with the built page', () => {
    expect(assets.script.length).toBeGreaterThan(10_000);
    expect(assets.style.length).toBeGreaterThan(1_000);
    expect(loadsOf(renderReport(inventedImageReport(), assets))).toEqual([]);
  });
});

describe('the browser code', () => {
  it('never reads text as markup', () => {
    const folder = new URL('../../../webview/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(20);
    const markup =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.html\(|DOMParser|setAttribute\('style'/;
    expect(files.filter((name) => markup.test(readFileSync(new URL(name, folder), 'utf8')))).toEqual([]);
  });
});
