// The licences of the packages whose code or fonts are inside the bundles.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

const LICENCE = /^(licen[cs]e|notice|copyright)[^/]*$/i;

/** The fonts of PDF files, relative to the root: the build copies them. */
export const PDF_FONTS = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'].map(
  (file) => `node_modules/dejavu-fonts-ttf/ttf/${file}`,
);

/** Packages that publish no licence text; the READMEs of fontkit, brotli and dfa say MIT. */
const ADDED = new Map(['brotli', 'dfa', 'fontkit'].map((name) => [name, 'foliojs-LICENSE.txt']));

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
  const files = readdirSync(join(root, folder))
    .filter((file) => LICENCE.test(file))
    .map((file) => join(root, folder, file));
  if (ADDED.has(name)) files.push(join(root, 'scripts', 'package', 'licences', ADDED.get(name)));
  const texts = files.map((file) => readFileSync(file, 'utf8').trim());
  const heading = license === undefined ? `${name} ${version}` : `${name} ${version} (${license})`;
  return [heading, ...texts].join('\n\n');
};

/** One text with the name, version and licence of every package in the bundles that `metafiles` describe, and of `files` of packages. */
export const thirdPartyNotices = (metafiles, files = []) => {
  const copied = {
    outputs: { files: { inputs: Object.fromEntries(files.map((file) => [file, { bytesInOutput: 1 }])) } },
  };
  const folders = [...new Set([...metafiles, copied].flatMap(bundledPackages))].sort();
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `${['Pentimento contains code of these packages.', ...folders.map(notice)].join(line)}\n`;
};
