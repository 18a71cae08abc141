// Operations of test suites on the page that shows VS Code. browserClient.ts is the typed counterpart.
import { violations } from './accessibility.mjs';
import { frameRate } from './frameRate.mjs';
import { webviewFrames, webviewNamed } from './webviewFrames.mjs';

/** Longest wait for an element, in ms: only an element that never appears takes this long. */
const TIMEOUT = 300_000;

/** An element of a webview, or of the workbench if no webview is named. */
async function element(page, { webview, selector }) {
  const place = webview === undefined ? page : await webviewNamed(page, webview);
  return place.locator(selector).first();
}

/** Each takes the Playwright page and the request, and returns JSON. */
export const operations = {
  webviews: async (page) =>
    (await webviewFrames(page)).map(({ title, visible, data }) => ({ title, visible, data })),

  evaluate: async (page, { webview, expression }) => (await webviewNamed(page, webview)).evaluate(expression),

  evaluateWorkbench: (page, { expression }) => page.evaluate(expression),

  evaluateAround: async (page, { webview, expression }) =>
    (await webviewNamed(page, webview)).parentFrame().evaluate(expression),

  axe: async (page, { webview, ...scope }) => violations(await webviewNamed(page, webview), scope),

  press: (page, { key }) => page.keyboard.press(key),

  click: async (page, { webview, selector, button, clickCount }) =>
    (await element(page, { webview, selector })).click({ button, clickCount, timeout: TIMEOUT }),

  hover: async (page, { webview, selector }) =>
    (await element(page, { webview, selector })).hover({ timeout: TIMEOUT }),

  workbenchText: async (page, { selector }) =>
    (await element(page, { selector })).innerText({ timeout: TIMEOUT }),

  screenshot: async (page, { path, webview, selector }) => {
    const options = { path, timeout: 2 * TIMEOUT };
    if (selector === undefined) await page.screenshot(options);
    else await (await element(page, { webview, selector })).screenshot(options);
  },

  frames: async (page, { webview, selector, milliseconds }) =>
    frameRate(page, await webviewNamed(page, webview), { selector, milliseconds }),
};
