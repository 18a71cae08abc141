// Gives every webview an origin of its own, as in the desktop VS Code and on vscode.dev, when the server is opened by a
// certain name. Otherwise it serves all of them from its own origin, and Chromium holds each but the first back for a
// second, because it has a service worker of the same scope to replace.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The name to open the server by for that. Chromium and Firefox resolve every name below localhost to the loopback
 * address, others need not; and a name above the webviews' own, so that their service workers are not third-party ones.
 */
export const OWN_ORIGINS_HOST = 'vscode.localhost';

const IS_ASKED = `(t.headers.host??"").startsWith("${OWN_ORIGINS_HOST}")`;

const TEMPLATE = '"http://{{uuid}}."+t.headers.host+"/"+w+"/out/vs/workbench/contrib/webview/browser/pre/"';

/** The frame's own three files. It has no cookie with the connection token, and they hold no secret. */
const IS_FRAME_FILE =
  '/^\\/static\\/out\\/vs\\/workbench\\/contrib\\/webview\\/browser\\/pre\\/[\\w-]+\\.(html|js)$/.test(n)';

/**
 * In the function that answers with the workbench, `t` is the request and `w` the path of static files from the root;
 * in the one that takes every request, `n` is its path and `P_` looks for the token.
 */
const EDITS = [
  [
    'const A={remoteAuthority:h,',
    `const ownOrigins=${IS_ASKED};if(ownOrigins)M.webviewContentExternalBaseUrlTemplate=${TEMPLATE};const A={remoteAuthority:h,`,
  ],
  ['webviewEndpoint:w+', 'webviewEndpoint:ownOrigins?void 0:w+'],
  ['if(!P_(this.s,t,i))return _s(t,s,403', `if(!${IS_FRAME_FILE}&&!P_(this.s,t,i))return _s(t,s,403`],
  ["\"frame-src 'self' ", `"frame-src 'self' http://*.${OWN_ORIGINS_HOST}:* `],
];

/** Edits an unpacked server of the pinned version. */
export async function separateWebviewOrigins(server) {
  const file = join(server, 'out', 'server-main.js');
  let text = await readFile(file, 'utf8');
  for (const [before, after] of EDITS) {
    if (text.split(before).length !== 2) throw new Error(`server-main.js does not hold ${before} once`);
    text = text.replace(before, () => after);
  }
  await writeFile(file, text);
}
