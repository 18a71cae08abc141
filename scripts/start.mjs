// `npm start`: the whole path on real images. Trains the demo experiment, inspects every layer, recommends one and
// writes the report.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, root } from './setup.mjs';

ensureDependencies();
await import('./build.mjs');

const run = join('.pentimento', 'runs', 'demo');

function pentimento(...args) {
  console.log(`\n$ npx pentimento ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// The demo always shows a training from the start.
rmSync(join(root, run), { recursive: true, force: true });
pentimento('train', join('examples', 'demo.experiment.json'), '--out', run);
pentimento('inspect', run);
pentimento('recommend', run, '--task', 'digit');
pentimento('report', run);
