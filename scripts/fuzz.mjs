// `npm run fuzz -- --minutes N`: structured hostile inputs for every reader, with seeds from the clock. `--seed N`
// starts with a seed, `--cases N` stops after N cases, `--only NAME` runs one generator (test/hostile/generators.ts).
// Each failure says how to reproduce it.
import { ensureDependencies, must } from './setup.mjs';

// Ctrl-C also reaches the child, which then reports its progress.
process.on('SIGINT', () => {});

ensureDependencies();
const { bundle } = await import('./bundle.mjs');
await bundle({ fuzz: 'test/hostile/fuzz.ts', hdf5Worker: 'src/checkpoint/hdf5/worker.ts' }, 'dist/fuzz');
must('node', ['--enable-source-maps', 'dist/fuzz/fuzz.js', ...process.argv.slice(2)]);
