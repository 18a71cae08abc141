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

/** Schemas are not needed for activation: their library is a separate file, loaded with the first document. */
const schemasApart = {
  name: 'schemas-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^zod$/ }, ({ importer }) =>
      importer === '' ? undefined : { path: './zod.cjs', external: true },
    );
  },
};

/** The extension host's code: CommonJS, which is what VS Code loads, including everything except VS Code itself. */
export const bundleExtension = (outdir) =>
  build({
    absWorkingDir: root,
    entryPoints: { extension: 'extension/extension.ts', zod: 'zod' },
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
    plugins: [schemasApart],
  });
