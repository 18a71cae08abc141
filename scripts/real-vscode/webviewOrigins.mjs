// Gives every webview its own origin, as in the desktop VS Code and on vscode.dev, when the server is opened with a
// certain host name. Otherwise it serves all of them from its own origin, and Chromium delays each except the first by
// a second, because it has to replace a service worker of the same scope.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The host name to open the server with for that. Chromium and Firefox resolve every name under localhost to the
 * loopback address, others may not. It is a parent of the webviews' own names, so that their service workers are not
 * third-party.
 */
export const OWN_ORIGINS_HOST = 'vscode.localhost';

const IS_ASKED = `(t.headers.host??"").startsWith("${OWN_ORIGINS_HOST}")`;

const TEMPLATE = '"http://{{uuid}}."+t.headers.host+"/"+w+"/out/vs/workbench/contrib/webview/browser/pre/"';

/** The frame's own three files. It has no cookie with the connection token, and they contain no secret. */
const IS_FRAME_FILE =
  '/^\\/static\\/out\\/vs\\/workbench\\/contrib\\/webview\\/browser\\/pre\\/[\\w-]+\\.(html|js)$/.test(n)';

/**
 * In the function that answers with the workbench, `t` is the request and `w` the path of static files from the root;
 * in the one that takes every request, `n` is its path and `P_` checks the token.
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
