/** Panels about runs; each is a webview with the page of this name in `webview/pages`. */
export const RUN_PAGES = [
  'spectra',
  'featureWeights',
  'probes',
  'similarity',
  'compare',
  'runMeans',
] as const;
export type RunPage = (typeof RUN_PAGES)[number];

/** All panels. Theory is about no run. */
export const PANEL_PAGES = [...RUN_PAGES, 'theory'] as const;
export type PanelPage = (typeof PANEL_PAGES)[number];
