/** The part of a `ServiceWorkerRegistration` that is needed here. */
interface Registration {
  readonly installing: unknown;
  readonly waiting: unknown;
  readonly active: unknown;
  unregister(): Promise<boolean>;
}

/** The same of a `Window`. */
export interface PageWindow {
  /** Not every browser exposes the ancestor origins. */
  readonly location: { readonly origin: string; readonly ancestorOrigins?: ArrayLike<string> };
  readonly navigator: {
    readonly serviceWorker: { getRegistration(): Promise<Registration | undefined> };
  };
  addEventListener(type: 'pagehide', listener: () => void): void;
}

/** Whether this kind of page has its own origin; some servers give all webviews that of the window. */
const hasOwnOrigin = ({ origin, ancestorOrigins }: PageWindow['location']): boolean =>
  ancestorOrigins !== undefined && ancestorOrigins[ancestorOrigins.length - 1] !== origin;

/**
 * Unregisters the page's service worker when the page is closed. VS Code registers one for every webview, with the same
 * scope for all of one kind, and Chromium takes a second to replace a worker. A worker left behind would delay the next
 * page of its kind, or the same one when its tab is shown again.
 *
 * Not before the page is closed, because VS Code may load resources for it through the worker. And not while another
 * page registers one, or where other webviews could: that page would wait for it forever and stay blank.
 */
export const releaseServiceWorker = async (page: PageWindow): Promise<void> => {
  if (!hasOwnOrigin(page.location)) return;
  try {
    const registration = await page.navigator.serviceWorker.getRegistration();
    const worker = registration?.active;
    if (!registration || !worker) return;
    page.addEventListener('pagehide', () => {
      const { active, installing, waiting } = registration;
      // A failure cannot be reported any more.
      if (active === worker && !installing && !waiting) registration.unregister().catch(() => {});
    });
  } catch {
    // A host without service workers has none to unregister.
  }
};
