// Bundles the engine, its workers, the extension and the pages into dist/.
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { PDF_FONTS, thirdPartyNotices } from './package/notices.mjs';
import { ensureDependencies, root } from './setup.mjs';

ensureDependencies();
const { build } = await import('esbuild');
const { bundle, bundleExtension } = await import('./bundle.mjs');
const { notebookBuildOptions, webviewBuildOptions } = await import('./build-webview.mjs');

rmSync(`${root}dist`, { recursive: true, force: true });
const bundles = await Promise.all([
  bundle(
    {
      cli: 'src/cli.ts',
      engine: 'src/engine.ts',
      augmentWorker: 'src/data/augmentWorker.ts',
      hdf5Worker: 'src/checkpoint/hdf5/worker.ts',
      spectrumWorker: 'src/layers/spectrumWorker.ts',
      rowSumWorker: 'src/layers/rowSumWorker.ts',
    },
    'dist',
  ),
  bundleExtension('dist'),
  build(webviewBuildOptions),
  build(notebookBuildOptions),
]);
chmodSync(`${root}dist/cli.js`, 0o755);
for (const font of PDF_FONTS)
  cpSync(`${root}${font}`, `${root}dist/fonts/${font.slice(font.lastIndexOf('/') + 1)}`);
writeFileSync(
  `${root}dist/THIRD-PARTY-NOTICES.txt`,
  thirdPartyNotices(
    bundles.map(({ metafile }) => metafile),
    PDF_FONTS,
  ),
);
