// Bundles the engine, its worker, the extension and the pages into dist/.
import { chmodSync, rmSync } from 'node:fs';
import { ensureDependencies, root } from './setup.mjs';

ensureDependencies();
const { build } = await import('esbuild');
const { bundle, bundleExtension } = await import('./bundle.mjs');
const { webviewBuildOptions } = await import('./build-webview.mjs');

rmSync(`${root}dist`, { recursive: true, force: true });
await Promise.all([
  bundle(
    {
      cli: 'src/cli.ts',
      engine: 'src/engine.ts',
      augmentWorker: 'src/data/augmentWorker.ts',
      hdf5Worker: 'src/checkpoint/hdf5/worker.ts',
      spectrumWorker: 'src/weights/spectrumWorker.ts',
    },
    'dist',
  ),
  bundleExtension('dist'),
  build(webviewBuildOptions),
]);
chmodSync(`${root}dist/cli.js`, 0o755);
