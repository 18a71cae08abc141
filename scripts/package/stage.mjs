import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { root } from '../setup.mjs';
import { addTexts, missingLicences } from './licenceTexts.mjs';
import { shippedEntries } from './lockFile.mjs';
import { namedFiles, PACKAGED, packagedManifest } from './manifest.mjs';
import { moduleFolder } from './moduleFolder.mjs';
import { runtimeBinaries, shippedFiles } from './shippedFiles.mjs';
import { modulesOf, UNIVERSAL } from './targets.mjs';

const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** Every file under `folder`, relative to it, with slashes. */
export const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.split(sep).join('/'));

function copy(from, to, files) {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file));
  }
}

/** Excludes source maps, benchmarks, and the style sheets that are built into those of dist/. */
const isPackaged = (file) => !/\.map$|^dist\/bench\/|^media\/styles\//.test(file);

/** Copies the modules that run on `target` to `node_modules` in `folder`; returns their names. */
export function stageModules(target, folder) {
  const { packages } = readJson('package-lock.json');
  const runtimeFiles = filesUnder(join(root, 'node_modules', 'onnxruntime-node'));
  const hasRuntime = target !== UNIVERSAL && runtimeBinaries(runtimeFiles, target).length > 0;
  const entries = shippedEntries(packages, modulesOf(target, hasRuntime));
  for (const entry of entries) {
    const from = moduleFolder(entry);
    // A module nested in another has its own entry.
    const own = filesUnder(from).filter((file) => !file.startsWith('node_modules/'));
    const to = join(folder, entry.path);
    copy(from, to, shippedFiles(entry.name, own, target));
    addTexts(entry.name, to);
    const missing = missingLicences(to);
    if (missing.length > 0)
      throw new Error(`${entry.name} has no text of its licence ${missing.join(', ')}.`);
  }
  return entries.map(({ name }) => name);
}

/** Copies exactly the files to package for `target` to the empty `folder`; returns the package.json. */
export function stage(target, folder) {
  for (const name of PACKAGED) {
    const from = join(root, name);
    if (!existsSync(from)) throw new Error(`${name} is missing, which every package has.`);
    const files = statSync(from).isFile() ? [name] : filesUnder(from).map((file) => `${name}/${file}`);
    copy(root, folder, files.filter(isPackaged));
  }
  // vsce leaves out a node_modules at the top unless npm lists all of its dependencies, and we ship fewer.
  const shipped = stageModules(target, join(folder, 'dist'));
  const manifest = packagedManifest(readJson('package.json'), shipped);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const missing = namedFiles(manifest).filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    throw new Error(`package.json names files that no package has: ${missing.join(', ')}.`);
  return manifest;
}
