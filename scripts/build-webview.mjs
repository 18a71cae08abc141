import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const PAGES = readdirSync(join(root, 'webview', 'pages')).map((file) => file.replace(/\.ts$/, ''));

/** esbuild options of the browser code: a script in `dist` for each page, and the styles with their imports. */
export const webviewBuildOptions = {
  absWorkingDir: root,
  entryPoints: [
    { in: 'media/styles/report.css', out: 'report' },
    ...PAGES.map((page) => ({ in: `webview/pages/${page}.ts`, out: page })),
    { in: 'media/styles/panel.css', out: 'panel' },
    { in: 'media/styles/training.css', out: 'training' },
    { in: 'media/styles/checkpoint.css', out: 'checkpoint' },
  ],
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  // The Chromium of the oldest VS Code we support, and the browsers of the same year; `light-dark()` needs it.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  charset: 'utf8',
  metafile: true,
  legalComments: 'none',
};
