// `npm run fuzz -- --minutes N`: structured hostile inputs for every reader, with seeds from the clock. `--seed N` begins at a seed,
// `--cases N` ends after so many, `--only NAME` tries one generator (test/hostile/generators.ts). Each failure says how to run it again.
import { ensureDependencies, must, root } from './setup.mjs';

// Ctrl-C reaches the child too, which then says how far it came.
process.on('SIGINT', () => {});

ensureDependencies();
const { build } = await import('esbuild');
const folder = `${root}dist/fuzz`;
await build({
  absWorkingDir: root,
  entryPoints: { fuzz: 'test/hostile/fuzz.ts', hdf5Worker: 'src/checkpoint/hdf5/worker.ts' },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  logLevel: 'warning',
  banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
});
must('node', ['--enable-source-maps', `${folder}/fuzz.js`, ...process.argv.slice(2)]);
