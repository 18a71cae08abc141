import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../setup.mjs';

const cache = join(root, 'node_modules', '.cache', 'pentimento-package');

/** Runs a command quietly and returns its standard output; its messages are shown only if it fails. */
function run(command, args, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? (stderr || stdout).trim()}`);
}

/** Whether the bytes have the SHA-512 that package-lock.json pins as `integrity`; without a pinned hash they do not. */
export function matchesIntegrity(bytes, integrity) {
  const pinned = /(?:^|\s)sha512-(\S+)/.exec(integrity ?? '')?.[1];
  return pinned === createHash('sha512').update(bytes).digest('base64');
}

/** The archive of a module of the lock file, fetched from npm's registry if it is not cached. */
function archiveOf({ name, version, integrity }) {
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(archive)) {
    const folder = mkdtempSync(join(cache, 'fetch-'));
    try {
      const spec = `${name}@${version}`;
      const output = run('npm', ['pack', spec, '--silent', '--pack-destination', folder], root);
      renameSync(join(folder, basename(output.trim())), archive);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (matchesIntegrity(readFileSync(archive), integrity)) return archive;
  rmSync(archive);
  throw new Error(
    `${name}@${version} is not what package-lock.json pins (${integrity}): nothing was packaged.`,
  );
}

/**
 * The folder of a module of the lock file: the installed one, or, for other platforms' binaries, which npm does not
 * install here, one unpacked from the registry and checked against the lock file.
 */
export function moduleFolder(entry) {
  const installed = join(root, entry.path);
  if (existsSync(join(installed, 'package.json'))) {
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    if (version === entry.version) return installed;
    throw new Error(`${entry.path} is ${version}, not ${entry.version} as in package-lock.json: run npm ci.`);
  }
  const archive = archiveOf(entry);
  const folder = archive.replace(/\.tgz$/, '');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  // Relative names: a colon in a path means another machine to some versions of tar.
  run('tar', ['-xzf', `../${basename(archive)}`, '--strip-components=1'], folder);
  return folder;
}
