// Lets a test suite, which runs in the extension host, use the page that shows VS Code: HTTP on the loopback address,
// one POST with a JSON body `{operation, ...}` per request. The answer is `{result}` or, with status 400, `{error}`.
// Tested with the headless page of desktopStandIn.mjs. attachToDesktop, for the Electron build, is not tested.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { operations } from './operations.mjs';

async function answer(getPage, { operation, ...request }) {
  if (!Object.hasOwn(operations, operation)) {
    throw new Error(`unknown operation '${operation}': use one of ${Object.keys(operations).join(', ')}`);
  }
  return operations[operation](await getPage(), request);
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/**
 * Serves the operations. `getPage` returns a promise of a Playwright page and is called for every request.
 * The returned url contains a secret; anyone who has it controls the page.
 */
export async function serveBrowser(getPage) {
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    let status = 200;
    let body;
    try {
      body = { result: (await answer(getPage, await readJson(request))) ?? null };
    } catch (error) {
      status = 400;
      body = { error: error.message };
    }
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}${path}`, close };
}

/** A `getPage` for a desktop VS Code that was started with `--remote-debugging-port`; it connects on the first call. */
export function attachToDesktop(port) {
  const connect = async () => {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const pages = browser.contexts().flatMap((context) => context.pages());
    const page = pages.find((candidate) => candidate.url().includes('/workbench.html'));
    if (page === undefined) throw new Error('the desktop VS Code shows no workbench window');
    return page;
  };
  let page;
  return () => {
    page ??= connect();
    return page;
  };
}
