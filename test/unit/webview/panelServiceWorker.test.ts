import { describe, expect, it, vi } from 'vitest';
import { type PageWindow, releaseServiceWorker } from '../../../webview/panel/serviceWorker.ts';

const WINDOW = 'https://window.example';
const WEBVIEW = 'https://webview.example';

/** A page in a window, with its own worker. */
const pageAt = (origin: string) => {
  const registration = {
    active: { of: 'this page' },
    installing: null as object | null,
    waiting: null as object | null,
    unregister: vi.fn(() => Promise.resolve(true)),
  };
  const listeners: (() => void)[] = [];
  const page: PageWindow = {
    location: { origin, ancestorOrigins: [origin, WINDOW] },
    navigator: { serviceWorker: { getRegistration: async () => registration } },
    addEventListener: (_, listener) => {
      listeners.push(listener);
    },
  };
  const leave = (): void => {
    for (const listener of listeners) listener();
  };
  return { page, registration, leave };
};

describe("a page's service worker", () => {
  it('goes with the page, and not before', async () => {
    const { page, registration, leave } = pageAt(WEBVIEW);
    await releaseServiceWorker(page);
    expect(registration.unregister).not.toHaveBeenCalled();
    leave();
    expect(registration.unregister).toHaveBeenCalledOnce();
  });

  it.each(['installing', 'waiting', 'active'] as const)(
    'stays when another page has one that is %s',
    async (state) => {
      const { page, registration, leave } = pageAt(WEBVIEW);
      await releaseServiceWorker(page);
      registration[state] = { of: 'another page' };
      leave();
      expect(registration.unregister).not.toHaveBeenCalled();
    },
  );

  it('stays where all webviews have the origin of the window, and where the browser does not say', async () => {
    for (const ancestorOrigins of [[WINDOW, WINDOW], undefined]) {
      const { page, registration, leave } = pageAt(WINDOW);
      await releaseServiceWorker({ ...page, location: { origin: WINDOW, ancestorOrigins } });
      leave();
      expect(registration.unregister).not.toHaveBeenCalled();
    }
  });

  it('may be missing or out of reach', async () => {
    const { page } = pageAt(WEBVIEW);
    const refused = { getRegistration: () => Promise.reject(new Error('not allowed')) };
    const none = { getRegistration: async () => undefined };
    for (const serviceWorker of [refused, none])
      await expect(releaseServiceWorker({ ...page, navigator: { serviceWorker } })).resolves.toBeUndefined();
  });
});
