// Installs the dependencies when they are missing or do not match the lock file. Every script of this project
// that needs them starts here, so that a fresh clone needs only Node, npm and git.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.pentimento-lock`;

/** Runs a command in the project with its output shown. Returns its exit code, or 1 if it has none. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (error !== undefined) console.error(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

/** Runs a command in the project without showing its output. Returns a promise of its exit code, or 1 if it has none, and its output. */
export function runQuietly(command, args) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const printed = () => Buffer.concat(chunks).toString().trimEnd();
  return new Promise((resolve) => {
    child.on('error', ({ message }) =>
      resolve({ code: 1, output: `${command} could not be started: ${message}` }),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, output: printed() }));
  });
}

/** Runs a command with its output shown, and ends this process with its code if the command fails. */
export function must(command, args, options) {
  const code = run(command, args, options);
  if (code !== 0) process.exit(code);
}

/** Installs what is missing. Returns the exit code. */
export function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return 0;
  console.error('Installing dependencies (npm ci) ...');
  // The native runtime is inside its package; its install script would only fetch CUDA libraries.
  const code = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    // Standard output belongs to the command that needed the set-up.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (code === 0) writeFileSync(stamp, lock);
  return code;
}

/** The same, and ends this process if it fails. */
export function ensureDependencies() {
  const code = installDependencies();
  if (code !== 0) process.exit(code);
}
