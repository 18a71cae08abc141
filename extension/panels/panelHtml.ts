import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';

/** Where bundles and media lie; the only folders a webview may load from. */
export const resourceRoots = (extensionUri: Uri): Uri[] => [Uri.joinPath(extensionUri, 'dist')];

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The translations that the page looks its strings up in; none in English. */
const stringsAttribute = (): string =>
  l10n.bundle === undefined ? '' : ` data-strings="${escapeAttribute(JSON.stringify(l10n.bundle))}"`;

/**
 * The HTML of a page: a style sheet and one script under a policy that allows exactly these, and pictures that the
 * page itself makes. Data comes by message, never in here; translated strings are needed before the first message.
 */
export const pageHtml = (
  webview: Webview,
  extensionUri: Uri,
  page: string,
  title: string,
  style = 'panel',
): string => {
  const nonce = randomBytes(16).toString('base64');
  const source = (file: string): string =>
    escapeAttribute(webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', file)).toString());
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    'img-src data: blob:',
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeAttribute(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${source(`${style}.css`)}">
<title>${escapeAttribute(title)}</title>
</head>
<body data-page="${escapeAttribute(page)}">
<main id="panel"${stringsAttribute()}></main>
<script nonce="${nonce}" src="${source(`${page}.js`)}"></script>
</body>
</html>
`;
};
