import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type Analysis,
  type InspectionRecord,
  type Metric,
  type Recommendation,
  type ReportDocument,
  type ReportSubject,
  type RunRecord,
  runFault,
} from '../protocol/index.ts';
import { InspectionFolder, type Run } from '../store/index.ts';

/** The data of a report. */
export interface ReportSource {
  readonly subject:
    | { readonly kind: 'run'; readonly record: RunRecord }
    | { readonly kind: 'inspection'; readonly record: InspectionRecord };
  readonly metrics: readonly Metric[];
  readonly analysis: Analysis;
  readonly recommendations: readonly Recommendation[];
}

/** The built page: `dist/report.js` and `dist/report.css`. */
export interface ReportAssets {
  readonly script: string;
  readonly style: string;
}

/** A parser reads CR LF as LF before hashing, so the text must contain only LF. */
const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n');

const sourceHash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** JSON that cannot end its enclosing element: no `<` is left, and JSON.parse restores it. */
const inertJson = (document: unknown): string => JSON.stringify(document).replaceAll('<', '\\u003c');

/** The elements end at the first end tag in them, whatever language they contain; esbuild never writes one. */
const refuseEndTag = (text: string, tag: 'script' | 'style'): void => {
  const lower = text.toLowerCase();
  if (lower.includes(`</${tag}`) || lower.includes('<!--')) {
    throw new Error(`The built ${tag} holds text that would end its element`);
  }
};

/**
 * One self-contained HTML document: style, script and data are inside, and its policy (hashes of exactly this style
 * and this script, nothing else) lets it load nothing. Every name in the data is inert JSON here and a text node in
 * the page. The folder of the run or inspection is left out, because it is of no use elsewhere.
 */
export const renderReport = (source: ReportSource, assets: ReportAssets): string => {
  const { baseDirectory: _, ...record } = source.subject.record;
  const subject = { kind: source.subject.kind, record } as ReportSubject;
  const { metrics, analysis, recommendations } = source;
  const report: ReportDocument = { subject, metrics, analysis, recommendations };
  const script = withLineFeeds(assets.script);
  const style = withLineFeeds(assets.style);
  refuseEndTag(script, 'script');
  refuseEndTag(style, 'style');
  const policy = [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(analysis.experiment)}: layers</title>
<style>${style}</style>
</head>
<body>
<main id="report"><noscript>The figures of this report are drawn by the script inside it; allow scripts to see them.</noscript></main>
<script type="application/json" id="report-data">${inertJson(report)}</script>
<script>${script}</script>
</body>
</html>
`;
};

/** The page is built beside this bundle; when run from sources, it is where the last build put it. */
async function readAssets(): Promise<ReportAssets> {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
  const read = (name: string) => readFile(fileURLToPath(new URL(`${built}${name}`, import.meta.url)), 'utf8');
  try {
    return { script: await read('report.js'), style: await read('report.css') };
  } catch (error) {
    throw runFault('the report page is not built', 'dist/report.js', 'Run npm run build', error);
  }
}

/** The report of a run with an analysis of one of its states, or of an inspection. */
export const reportOf = async (
  of: Run | InspectionFolder,
  analysis: Analysis,
  recommendations: readonly Recommendation[],
): Promise<string> => {
  const source: Pick<ReportSource, 'subject' | 'metrics'> =
    of instanceof InspectionFolder
      ? { subject: { kind: 'inspection', record: await of.readRecord() }, metrics: [] }
      : { subject: { kind: 'run', record: of.record }, metrics: await of.readMetrics() };
  return renderReport({ ...source, analysis, recommendations }, await readAssets());
};
