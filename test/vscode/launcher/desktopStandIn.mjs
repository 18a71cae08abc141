#!/usr/bin/env node
// Replaces the desktop VS Code executable in extension tests on Linux: takes the arguments that
// @vscode/test-electron gives it, runs them in a VS Code server with a headless browser, and exits with the suite's code.
// Tested with VS Code 1.99.3 (code-server 4.99.4) on Linux x64. The suite runs in the server's extension host, which
// loads CommonJS only, and has no terminals (the server's native module for them is not built).
// PENTIMENTO_TEST_TIMEOUT_MS ends a run that hangs (default 40 minutes).
import { realpathSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../../scripts/real-vscode/browser.mjs';
import { startServer, windowUrl } from '../../../scripts/real-vscode/server.mjs';
import { OWN_ORIGINS_HOST } from '../../../scripts/real-vscode/webviewOrigins.mjs';
import { printLog } from './printLog.mjs';
import { serveBrowser } from './serveBrowser.mjs';

const TIMEOUT = Number(process.env.PENTIMENTO_TEST_TIMEOUT_MS ?? 2_400_000);
const WINDOW = { width: 1280, height: 800 };

function readArguments() {
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: {
      extensionTestsPath: { type: 'string' },
      extensionDevelopmentPath: { type: 'string', multiple: true },
      'extensions-dir': { type: 'string' },
      'user-data-dir': { type: 'string' },
    },
  });
  const required = ['extensionTestsPath', 'extensionDevelopmentPath', 'extensions-dir', 'user-data-dir'];
  for (const name of required) {
    if (values[name] === undefined)
      throw new Error(`--${name} is missing: give it as @vscode/test-electron does.`);
  }
  return { values, opened: positionals[0] };
}

/** What the window shows: a folder, a workspace file, or nothing. */
function openedIn(path) {
  if (path === undefined) return {};
  return statSync(path).isDirectory() ? { folder: realpathSync(path) } : { workspace: realpathSync(path) };
}

function windowOf(server, { values, opened }) {
  const remote = (path) => `vscode-remote://${server.authority}${encodeURI(realpathSync(path))}`;
  const payload = [
    ...values.extensionDevelopmentPath.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(values.extensionTestsPath)],
    ['skipWelcome', 'true'],
  ];
  return windowUrl(server, { ...openedIn(opened), payload });
}

/** Everything that ends a run: `result` resolves with the suite's exit code, or rejects if there will be none. */
function watch({ browser, page }) {
  let settle;
  const result = new Promise((resolve, reject) => {
    settle = { resolve, reject: (reason) => reject(new Error(reason)) };
  });
  const timer = setTimeout(() => settle.reject(`no result within ${TIMEOUT / 1000} s`), TIMEOUT);
  // A failure while the server starts must not count as unhandled.
  result.catch(() => {}).finally(() => clearTimeout(timer));
  page.on('crash', () => settle.reject('the page of the workbench crashed'));
  browser.on('disconnected', () => settle.reject('the browser ended by itself'));
  const runner = process.ppid;
  setInterval(() => process.ppid !== runner && settle.reject('the test runner is gone'), 1000).unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => settle.reject(`stopped by ${signal}`));
  }
  return { result, ...settle };
}

async function runSuite(given, cleanUps) {
  const browser = await chromium.launch({ ...(await findBrowser()), handleSIGINT: false });
  cleanUps.push(() => browser.close());
  const page = await browser.newPage({ viewport: WINDOW });
  const run = watch({ browser, page });
  const control = await serveBrowser(async () => page);
  cleanUps.push(control.close);
  const server = await startServer({
    userDataDir: given.values['user-data-dir'],
    extensionsDir: given.values['extensions-dir'],
    // test-electron trusts everything; a suite about trust needs the opposite.
    workspaceTrust: process.env.PENTIMENTO_TEST_TRUST === 'ask' || !given.values['disable-workspace-trust'],
    // As on the desktop, every webview has its own origin.
    hostName: OWN_ORIGINS_HOST,
    // An empty gallery: tests do not contact the marketplace.
    env: { PENTIMENTO_TEST_BROWSER: control.url, EXTENSIONS_GALLERY: '{}' },
    log: process.env.PENTIMENTO_TEST_VERBOSE ? (text) => process.stderr.write(text) : undefined,
  });
  cleanUps.push(server.stop);
  server.ended.then((code) => run.reject(`the VS Code server ended by itself (${code})`));
  // The workbench checks these two when it starts; they make it a test run.
  await page.exposeFunction('codeAutomationLog', printLog);
  await page.exposeFunction('codeAutomationExit', (code) => run.resolve(code));
  // Only the limit of the whole run: a loaded machine may take longer than any guess.
  const response = await page.goto(windowOf(server, given), { timeout: 0 });
  if (!response.ok()) throw new Error(`the server answered ${response.status()} for the workbench`);
  return run.result;
}

// In the order of creation: the page is closed before the server that it needs.
const cleanUps = [];
let exitCode = 1;
try {
  exitCode = await runSuite(readArguments(), cleanUps);
} catch (error) {
  console.error(`VS Code test run: ${error.message}`);
}
for (const cleanUp of cleanUps) {
  await cleanUp().catch((error) => console.error(`VS Code test run, cleaning up: ${error.message}`));
}
process.exit(exitCode);
