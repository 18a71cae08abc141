import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** esbuild options of the browser code: `dist/report.js`, and `dist/report.css` with its imports in it. */
export const webviewBuildOptions = {
  absWorkingDir: root,
  entryPoints: [
    { in: 'webview/pages/report.ts', out: 'report' },
    { in: 'media/styles/report.css', out: 'report' },
  ],
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  // The Chromium of the oldest VS Code we support, and the browsers of the same year; `light-dark()` needs it.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  charset: 'utf8',
  legalComments: 'none',
};
