// Webviews as a Playwright page sees them: an outer frame `iframe.webview.ready` of the workbench, and in it the frame
// `iframe#active-frame` that contains the extension's own document.

/** What a frame shows, or undefined if it is not a webview's document. */
async function describe(frame) {
  const outer = frame.parentFrame();
  if (outer === null || outer.parentFrame() === null) return undefined;
  const isContent = await (await frame.frameElement()).evaluate((element) => element.id === 'active-frame');
  if (!isContent) return undefined;
  const visible = await (await outer.frameElement()).evaluate(
    (element) => element.classList.contains('ready') && element.checkVisibility({ visibilityProperty: true }),
  );
  const { title, data } = await frame.evaluate(() => ({
    title: document.title,
    // The outputs of a notebook are in a page of VS Code, which has no name.
    data: {
      ...(document.querySelector('#container.widgetarea') && { page: 'notebook' }),
      ...document.body.dataset,
    },
  }));
  return { frame, title, visible, data };
}

/** All webviews with their title, the data attributes of their body, and whether they are visible. */
export async function webviewFrames(page) {
  // A frame may disappear during the call.
  const described = await Promise.all(page.frames().map((frame) => describe(frame).catch(() => undefined)));
  return described.filter((found) => found !== undefined);
}

/**
 * The frame of the visible webview whose body has `data-page="name"`; waits for it. Throws if there is none
 * after `timeout` ms, with the names of the visible ones.
 */
export async function webviewNamed(page, name, timeout = 300_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = (await webviewFrames(page)).filter(({ visible }) => visible);
    const match = found.find(({ data }) => data.page === name);
    if (match !== undefined) return match.frame;
    if (Date.now() > end) {
      const names = found.map(({ data, title }) => data.page ?? `(without data-page, title '${title}')`);
      throw new Error(`no webview '${name}' is in sight; in sight: ${names.join(', ') || 'none'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
