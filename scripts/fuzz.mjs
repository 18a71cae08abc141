// `npm run fuzz -- --minutes N`: structured hostile inputs for every reader, with seeds from the clock. `--seed N` begins at a seed,
// `--cases N` ends after so many, `--only NAME` tries one generator (test/hostile/generators.ts). Each failure says how to run it again.
import { ensureDependencies, must } from './setup.mjs';

// Ctrl-C reaches the child too, which then says how far it came.
process.on('SIGINT', () => {});

ensureDependencies();
const { bundle } = await import('./bundle.mjs');
await bundle({ fuzz: 'test/hostile/fuzz.ts', hdf5Worker: 'src/checkpoint/hdf5/worker.ts' }, 'dist/fuzz');
must('node', ['--enable-source-maps', 'dist/fuzz/fuzz.js', ...process.argv.slice(2)]);
