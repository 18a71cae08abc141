import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { filesUnder } from './stage.mjs';
import { UNIVERSAL } from './targets.mjs';

const vsceCommand = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');

function vsce(folder, ...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vsceCommand, ...args, '--no-dependencies'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  if (status === 0) return stdout;
  throw new Error(`vsce ${args[0]} failed:\n${stderr}${stdout}`);
}

/** Throws unless vsce packages exactly what is staged. */
function checkListing(folder) {
  const listed = new Set(vsce(folder, 'ls').split('\n').filter(Boolean));
  const staged = new Set(filesUnder(folder));
  const difference = [
    ...[...staged].filter((file) => !listed.has(file)).map((file) => `without ${file}`),
    ...[...listed].filter((file) => !staged.has(file)).map((file) => `with ${file}`),
  ];
  if (difference.length > 0) throw new Error(`vsce would package ${difference.join(', ')}.`);
  return listed.size;
}

/** Packages a staged folder as `packages/NAME-TARGET-VERSION.vsix`; returns that path and the number of its files. */
export function packVsix(target, folder, { name, version, repository }) {
  const files = checkListing(folder);
  mkdirSync(join(root, 'packages'), { recursive: true });
  const file = join('packages', `${name}-${target}-${version}.vsix`);
  const args = ['--out', join(root, file)];
  if (target !== UNIVERSAL) args.push('--target', target);
  if (repository === undefined) args.push('--allow-missing-repository', '--no-rewrite-relative-links');
  vsce(folder, 'package', ...args);
  return { file, files };
}
