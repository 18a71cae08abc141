import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { env, l10n, Uri } from 'vscode';
import { lastFigureStyle } from './figureStyle.ts';

/** A page has everything in its HTML and loads nothing else. */
export const PAGE_OPTIONS = { enableScripts: true, localResourceRoots: [] };

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const dataAttribute = (name: string, value: unknown): string =>
  value === undefined ? '' : ` data-${name}="${escapeAttribute(JSON.stringify(value))}"`;

/** The translations of the page's strings, none in English, and how the user last saved figures. */
const pageData = (): string =>
  dataAttribute('strings', l10n.bundle) + dataAttribute('figure-style', lastFigureStyle.current());

/**
 * The HTML of a page: one style sheet and one script, under a policy that allows exactly these and pictures that the
 * page itself creates. They are inlined because VS Code takes a tenth of a second to deliver a separate file; esbuild
 * escapes what would end the elements. Data is sent in messages; translated strings are needed before the first one.
 */
export const pageHtml = (extensionUri: Uri, page: string, title: string, style = 'panel'): string => {
  const nonce = randomBytes(16).toString('base64');
  const read = (file: string): string =>
    readFileSync(Uri.joinPath(extensionUri, 'dist', file).fsPath, 'utf8');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src data: blob:',
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeAttribute(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${read(`${style}.css`)}</style>
<title>${escapeAttribute(title)}</title>
</head>
<body data-page="${escapeAttribute(page)}">
<main id="panel"${pageData()}></main>
<script nonce="${nonce}">${read(`${page}.js`)}</script>
</body>
</html>
`;
};
