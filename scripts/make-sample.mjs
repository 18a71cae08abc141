// Writes media/sample/demo, the run that Open Sample shows: node scripts/make-sample.mjs (after `npm run build`).
// It is the demo as this program trains and inspects it, with the first epoch to compare with, and without the states
// that nothing on show needs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './setup.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pentimento-sample-'));
const run = join(folder, 'demo');
const target = join(root, 'media', 'sample', 'demo');

const pentimento = (...args) => {
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`pentimento ${args[0]} ended with ${status}`);
};

try {
  const { epochs } = JSON.parse(readFileSync(join(root, 'examples', 'demo.experiment.json'), 'utf8'));
  // Inspections after the first epoch and then every `epochs`: the first alone, because the last is the next line's.
  const every = ['--inspect-every', String(epochs)];
  pentimento('train', join(root, 'examples', 'demo.experiment.json'), '--out', run, ...every);
  pentimento('inspect', run);
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
  // Its data comes with the program, so no path of this machine is needed.
  writeFileSync(join(run, 'run.json'), `${JSON.stringify({ ...record, baseDirectory: '.' })}\n`);
  for (const file of readdirSync(join(run, 'checkpoints')))
    if (file !== 'last.safetensors') rmSync(join(run, 'checkpoints', file));
  rmSync(target, { recursive: true, force: true });
  cpSync(run, target, { recursive: true });
  console.log('media/sample/demo');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
