// The licence texts that the modules do not publish themselves.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

const texts = join(root, 'scripts', 'package', 'licences');

/** libvips is also linked into the WebAssembly of sharp. */
const HOLDS_LIBVIPS = /^@img\/sharp-(libvips-.+|wasm32|win32-.+)$/;

/** Files in `licences/` that belong to a module, by their names in its folder. */
export function addedTexts(name) {
  if (HOLDS_LIBVIPS.test(name)) {
    const names = ['LGPL-3.0.txt', 'GPL-3.0.txt', 'MPL-1.1.txt', 'libvips-SOURCES.txt'];
    if (name === '@img/sharp-wasm32') names.push('emscripten-LICENSE.txt');
    return new Map(names.map((text) => [text, text]));
  }
  if (!/^onnxruntime-(node|web|common)$/.test(name)) return new Map();
  const licence = [['LICENSE.txt', 'onnxruntime-LICENSE.txt']];
  const notices = [['ThirdPartyNotices.txt', 'onnxruntime-ThirdPartyNotices.txt']];
  return new Map(name === 'onnxruntime-common' ? licence : [...licence, ...notices]);
}

/** Copies them into `folder`, the module's. */
export function addTexts(name, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [to, from] of addedTexts(name)) cpSync(join(texts, from), join(folder, to));
}

/** Text that identifies a licence, by its SPDX name. */
const SAYS = new Map([
  ['MIT', /permission is hereby granted, free of charge/i],
  ['Apache-2.0', /apache license\s+version 2\.0/i],
  ['LGPL-3.0-or-later', /gnu lesser general public license\s+version 3/i],
  ['BSD-3-Clause', /redistributions of source code must retain/i],
  ['ISC', /permission to use, copy, modify/i],
]);

const NATIVE = /\.(node|wasm|dll|dylib|so(\.[\d.]+)?)$/;

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => !/^node_modules[\\/]/.test(file));

/**
 * What is missing in the folder of a staged module with native code in it: the SPDX names in its package.json whose
 * texts are in none of its files. Unknown names count as missing.
 */
export function missingLicences(folder) {
  const files = filesOf(folder);
  if (!files.some((file) => NATIVE.test(file))) return [];
  const { license = 'no licence' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = files
    .filter((file) => /\.(txt|md)$|licen[cs]e|copying/i.test(file) && !NATIVE.test(file))
    .map((file) => join(folder, file))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  const names = license.split(/\s+(?:AND|OR)\s+|[()]/).filter(Boolean);
  return names.filter((name) => !texts.some((text) => SAYS.get(name)?.test(text)));
}
