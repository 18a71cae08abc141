import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addedTexts, addTexts, missingLicences } from '../../../scripts/package/licenceTexts.mjs';
import { type LockPackages, shippedEntries } from '../../../scripts/package/lockFile.mjs';
import { filesUnder, stageModules } from '../../../scripts/package/stage.mjs';
import { modulesOf, NATIVE_TARGETS, TARGETS } from '../../../scripts/package/targets.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'pentimento-licences-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: LockPackages & Record<string, { license?: string }>;
};

let count = 0;
const moduleOf = (license: string, files: Readonly<Record<string, string>>): string => {
  const folder = join(scratch, `module${++count}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ license }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

describe('a native module', () => {
  it('without the text of its licence is found', () => {
    const README = 'Licence: MIT, LGPL-3.0-or-later';
    expect(missingLicences(moduleOf('MIT', { 'a.node': '', 'README.md': README }))).toEqual(['MIT']);
    expect(
      missingLicences(moduleOf('MIT AND LGPL-3.0-or-later', { 'a.so.1': '', 'README.md': README })),
    ).toEqual(['MIT', 'LGPL-3.0-or-later']);
    expect(missingLicences(moduleOf('Unheard-Of', { 'a.wasm': '', LICENSE: 'all rights' }))).toEqual([
      'Unheard-Of',
    ]);
    expect(missingLicences(moduleOf('MIT', { 'index.js': '' }))).toEqual([]);
  });

  it('of libvips and of onnxruntime is one without what is added', () => {
    for (const [name, license] of [
      ['@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later'],
      ['onnxruntime-node', 'MIT'],
    ]) {
      const folder = moduleOf(license, { 'a.so': '' });
      expect(missingLicences(folder)).toEqual([license]);
      addTexts(name, folder);
      expect(missingLicences(folder)).toEqual([]);
    }
  });
});

it.each(TARGETS)(
  'everything under the LGPL for %s comes with both licences and where its sources are',
  (target) => {
    const entries = shippedEntries(packages, modulesOf(target, target !== 'universal'));
    const lesser = entries.filter(({ path }) => packages[path].license?.includes('LGPL'));
    expect(lesser.length).toBeGreaterThan(0);
    for (const { name } of lesser) {
      expect([...addedTexts(name).keys()]).toEqual(
        expect.arrayContaining(['LGPL-3.0.txt', 'GPL-3.0.txt', 'libvips-SOURCES.txt']),
      );
    }
  },
);

const here = `${process.platform}-${process.arch}`;
const isNative = NATIVE_TARGETS.includes(here);
it('what is staged for this machine has the texts', () => {
  const folder = join(scratch, 'staged');
  stageModules(isNative ? here : 'linux-x64', folder);
  const files = filesUnder(folder);
  for (const name of ['onnxruntime-node', 'onnxruntime-web']) {
    for (const text of ['LICENSE.txt', 'ThirdPartyNotices.txt']) {
      expect(files).toContain(`node_modules/${name}/${text}`);
    }
  }
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const libvips = files.filter((file) => /libvips-[^/]+\/LGPL-3\.0\.txt$/.test(file));
  expect(libvips).toHaveLength(1);
  expect(read(libvips[0])).toMatch(/GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3, 29 June 2007/);
});
