// `npm start`: the whole path on real images. Trains the demo experiment, inspects every layer, recommends one, writes
// the report, and opens VS Code with it: the desktop version if `code` is on the PATH, else one served on the loopback
// address until Ctrl-C. `npm start -- --no-serve` stops after the report.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fillSampleWorkspace } from './sampleWorkspace.mjs';
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

if (!process.argv.includes('--no-serve')) {
  const folder = join(root, '.vscode-test', 'sample');
  fillSampleWorkspace(folder, { examples: join(root, 'examples'), run: join(root, run) });
  console.log('');
  const windows = process.platform === 'win32';
  const desktop = spawnSync('code', ['--version'], { stdio: 'ignore', shell: windows });
  if (desktop.status === 0) {
    console.log('Opening VS Code on the demo run ...');
    const code = ['--new-window', `--extensionDevelopmentPath=${root}`, folder];
    process.exit(spawnSync('code', code, { stdio: 'inherit', shell: windows }).status ?? 1);
  }
  const { serve } = await import('./real-vscode/serve.mjs');
  try {
    await serve({
      folder,
      extensionPath: root,
      workspaceTrust: false,
      settings: { 'workbench.startupEditor': 'none', 'git.openRepositoryInParentFolders': 'never' },
    });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
