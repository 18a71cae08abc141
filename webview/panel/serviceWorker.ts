/** The part of a `ServiceWorkerRegistration` that is needed here. */
interface Registration {
  readonly installing: unknown;
  readonly waiting: unknown;
  readonly active: unknown;
  unregister(): Promise<boolean>;
}

/** The same of a `Window`. */
export interface PageWindow {
  /** Not every browser tells the origins around the page. */
  readonly location: { readonly origin: string; readonly ancestorOrigins?: ArrayLike<string> };
  readonly navigator: {
    readonly serviceWorker: { getRegistration(): Promise<Registration | undefined> };
  };
  addEventListener(type: 'pagehide', listener: () => void): void;
}

/** Whether VS Code gave this kind of page an origin of its own; some servers give all webviews that of the window. */
const hasOwnOrigin = ({ origin, ancestorOrigins }: PageWindow['location']): boolean =>
  ancestorOrigins !== undefined && ancestorOrigins[ancestorOrigins.length - 1] !== origin;

/**
 * Lets the page's service worker go with the page. VS Code registers one for every webview, at the same scope for all of
 * one kind, and Chromium takes a second to replace a worker. A page that left its own behind would hold the next one of
 * its kind back by that, and itself when its tab is shown again.
 *
 * Not before the page goes: until then, VS Code may load things for it through the worker. And not while another page
 * registers one, nor where other webviews could: that page would wait for it in vain and stay blank.
 */
export const releaseServiceWorker = async (page: PageWindow): Promise<void> => {
  if (!hasOwnOrigin(page.location)) return;
  try {
    const registration = await page.navigator.serviceWorker.getRegistration();
    const worker = registration?.active;
    if (!registration || !worker) return;
    page.addEventListener('pagehide', () => {
      const { active, installing, waiting } = registration;
      // Nobody is left to hear that it failed.
      if (active === worker && !installing && !waiting) registration.unregister().catch(() => {});
    });
  } catch {
    // A host without service workers has none to let go.
  }
};
