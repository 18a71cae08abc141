// How code for Node is bundled: the command line, the worker and the benchmarks.
import { build } from 'esbuild';
import { root } from './setup.mjs';

/** Loaded at run time: native binaries, and packages that start workers from their own files. */
const external = ['onnxruntime-node', 'onnxruntime-web', 'sharp', 'piscina', '@tensorflow/tfjs-node-gpu'];

export const bundle = (entryPoints, outdir) =>
  build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external,
    // tfjs publishes its gradients only as modules; using modules everywhere keeps a single copy of it.
    mainFields: ['module', 'main'],
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
    // Bundled CommonJS packages may call require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });

/** Libraries that activation does not need are separate files: zod is loaded with the first document, pdfkit with the first PDF. */
const loadedLater = {
  name: 'loaded-later',
  setup({ onResolve }) {
    onResolve({ filter: /^(zod|pdfkit)$/ }, ({ importer, path }) =>
      importer === '' ? undefined : { path: `./${path}.cjs`, external: true },
    );
  },
};

/** The extension host's code: CommonJS, which is what VS Code loads, including everything except VS Code itself. */
export const bundleExtension = (outdir) =>
  build({
    absWorkingDir: root,
    entryPoints: { extension: 'extension/extension.ts', zod: 'zod', pdfkit: 'pdfkit' },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    mainFields: ['module', 'main'],
    sourcemap: true,
    metafile: true,
    minify: true,
    logLevel: 'warning',
    // pdfkit asks for its own address.
    define: { 'import.meta.url': '__address' },
    banner: { js: "'use strict'; const __address = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [loadedLater],
  });
