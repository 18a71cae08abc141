// Fetches a VS Code server from npm, for machines without a desktop VS Code. `code-server` carries VS Code's own server
// and workbench in lib/vscode; its wrapper (login, proxy) and that wrapper's dependencies are not needed.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from '../setup.mjs';
import { separateWebviewOrigins } from './webviewOrigins.mjs';

const run = promisify(execFile);

/** code-server 4.99.4 contains VS Code 1.99.3, the oldest version that the extension supports. */
const SERVER = {
  spec: 'code-server@4.99.4',
  sha512: 'EAH6aTbrjFpNJg7kyWer+J8wuew+ys2z/QOOiyrEfusjHvfuTCc+iJ99RP6Nemtw9RRVj6W4DSnV+Sv/OEMoCg==',
};

/** The server's own ripgrep package downloads its binary in an install script; these include it in the package. */
const RIPGREP = {
  x64: {
    spec: '@vscode/ripgrep-linux-x64@1.18.0',
    sha512: 'mQ3bVrUpnD2vs7QT0vX90Lt0cnUq467uFtEktIdsJJmW296RoSULRGqWgzG1AKxyBpNDD6l4ZO4qKf6SgyC23Q==',
  },
  arm64: {
    spec: '@vscode/ripgrep-linux-arm64@1.18.0',
    sha512: 'lQ/5zTG++U0E3IhVgS4EPTTn/U4okncaRMM5GOFfOYZywS4nuD31GhkHbNYlDk5CuDC68+hYJ0/eQeyCKJDA+g==',
  },
};

/** Version of what `buildServer` makes of the package: a folder from before a change is not reused. */
const LAYOUT = 2;

/** The folder for everything that a real VS Code needs; git ignores it. */
export const cacheFolder = join(root, '.vscode-test');

/** Folders in the cache have this prefix until they are complete. */
const UNFINISHED = 'unfinished-';

/** Builds a folder under a temporary name and then renames it, so a folder with its final name is complete. */
export async function buildOnce(folder, build) {
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned();
  const unfinished = await mkdtemp(join(cacheFolder, UNFINISHED));
  try {
    await build(unfinished);
    await rename(unfinished, folder).catch((error) => {
      // Another process may have finished first.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Removes what an interrupted build left, if it is too old to be still running. */
async function removeAbandoned() {
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const folder = join(cacheFolder, name);
    const age = await stat(folder).then((status) => Date.now() - status.mtimeMs);
    if (age > 3_600_000) await rm(folder, { recursive: true, force: true });
  }
}

/** Runs npm with the user's own configuration, and so with the registry chosen there. */
const npm = (args, cwd) => run('npm', args, { cwd, maxBuffer: 1 << 26 });

/** Downloads a package, checks it against the pinned hash, and unpacks it without its source maps. */
async function unpack({ spec, sha512 }, into) {
  await mkdir(into);
  await npm(['pack', spec, '--pack-destination', into, '--loglevel=error'], into);
  const [tarball] = (await readdir(into)).filter((name) => name.endsWith('.tgz'));
  const file = join(into, tarball);
  const hash = createHash('sha512')
    .update(await readFile(file))
    .digest('base64');
  if (hash !== sha512) throw new Error(`${spec} does not match its pinned hash`);
  await run('tar', ['-xzf', file, '-C', into, '--exclude=*.map']);
  await rm(file);
  return join(into, 'package');
}

/** Replaces the native modules that VS Code needs at startup; install scripts, which would compile them, do not run. */
async function replaceNatives(modules) {
  const natives = fileURLToPath(new URL('natives/', import.meta.url));
  await copyFile(join(natives, 'spdlog.cjs'), join(modules, '@vscode', 'spdlog', 'index.js'));
  await copyFile(join(natives, 'native-watchdog.cjs'), join(modules, 'native-watchdog', 'index.js'));
}

async function buildServer(into) {
  const server = join(await unpack(SERVER, join(into, 'download')), 'lib', 'vscode');
  // Peer dependencies are not in its lock file, and newer versions of npm refuse it for that.
  const flags = ['--omit=dev', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  await npm(['ci', ...flags, '--loglevel=error'], server);
  const ripgrep = await unpack(RIPGREP[process.arch], join(into, 'ripgrep'));
  const bin = join(server, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(bin, { recursive: true });
  await copyFile(join(ripgrep, 'bin', 'rg'), join(bin, 'rg'));
  await chmod(join(bin, 'rg'), 0o755);
  await replaceNatives(join(server, 'node_modules'));
  await separateWebviewOrigins(server);
  await rename(server, join(into, 'server'));
  for (const scratch of ['download', 'ripgrep']) await rm(join(into, scratch), { recursive: true });
}

/**
 * Makes the VS Code server available and returns the folder that contains its `out/server-main.js`.
 * Downloads about 70 MB and takes under a minute the first time; later calls return at once.
 * Throws a one-line error if it cannot.
 */
export async function installServer({ log = console.error } = {}) {
  if (process.platform !== 'linux' || RIPGREP[process.arch] === undefined) {
    throw new Error(
      `The VS Code server runs here only on Linux (x64, arm64), not on ${process.platform}-${process.arch}: ` +
        'use a desktop VS Code, with PENTIMENTO_VSCODE=desktop for tests.',
    );
  }
  const folder = join(cacheFolder, `${SERVER.spec.replace('@', '-')}-${LAYOUT}`);
  if (!existsSync(folder)) {
    log('Fetching VS Code 1.99 (code-server, from npm, about 70 MB; once, under a minute) ...');
  }
  try {
    await buildOnce(folder, buildServer);
  } catch (error) {
    const reason = /npm error code (\w+)/.exec(error.stderr)?.[1] ?? error.message.trim().split('\n')[0];
    throw new Error(
      `The VS Code server could not be fetched (${reason}): check that npm reaches its registry and that tar is ` +
        'installed, then try again.',
      { cause: error },
    );
  }
  return join(folder, 'server');
}
