// The licences of the packages whose code is inside the bundles.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

const LICENCE = /^(licen[cs]e|notice|copyright)[^/]*$/i;

/** Folders of packages, relative to the root, whose code is in a bundle of `metafile` (esbuild's). */
export const bundledPackages = ({ outputs }) => {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
};

const notice = (folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const files = readdirSync(join(root, folder)).filter((file) => LICENCE.test(file));
  const texts = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
};

/** One text with the name, version and licence of every package in the bundles that `metafiles` describe. */
export const thirdPartyNotices = (metafiles) => {
  const folders = [...new Set(metafiles.flatMap(bundledPackages))].sort();
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `${['Pentimento contains code of these packages.', ...folders.map(notice)].join(line)}\n`;
};
