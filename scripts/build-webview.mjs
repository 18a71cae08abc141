import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const PAGES = readdirSync(join(root, 'webview', 'pages')).map((file) => file.replace(/\.ts$/, ''));

/** What all browser code has in common. */
const shared = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  minify: true,
  platform: 'browser',
  // The Chromium of the oldest VS Code we support, and the browsers of the same year; `light-dark()` needs it.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  charset: 'utf8',
  metafile: true,
  legalComments: 'none',
};

/** esbuild options of the pages: a script in `dist` for each, and the styles with their imports. */
export const webviewBuildOptions = {
  ...shared,
  format: 'iife',
  entryPoints: [
    { in: 'media/styles/report.css', out: 'report' },
    ...PAGES.map((page) => ({ in: `webview/pages/${page}.ts`, out: page })),
    { in: 'media/styles/panel.css', out: 'panel' },
    { in: 'media/styles/training.css', out: 'training' },
    { in: 'media/styles/checkpoint.css', out: 'checkpoint' },
  ],
};

/** A style sheet with its imports as a text, for a shadow tree, which has styles of its own. */
const styleText = {
  name: 'style-text',
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({ ...shared, entryPoints: [path], write: false });
      return { contents: outputFiles[0].text, loader: 'text' };
    });
  },
};

/** esbuild options of the notebook renderer: the module that VS Code loads, with its styles. */
export const notebookBuildOptions = {
  ...shared,
  entryPoints: { notebook: 'webview/notebook/renderer.ts' },
  format: 'esm',
  plugins: [styleText],
};
