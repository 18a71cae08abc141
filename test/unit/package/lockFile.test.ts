import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LockPackages, lockEntry, shippedEntries } from '../../../scripts/package/lockFile.mjs';
import { matchesIntegrity } from '../../../scripts/package/moduleFolder.mjs';
import { modulesOf, TARGETS } from '../../../scripts/package/targets.mjs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: LockPackages };

const namesFor = (target: string, hasRuntime: boolean) =>
  shippedEntries(packages, modulesOf(target, hasRuntime)).map(({ name }) => name);

describe('lockEntry', () => {
  const nested: LockPackages = {
    'node_modules/a': {},
    'node_modules/a/node_modules/b': {},
    'node_modules/a/node_modules/@s/c': { version: '2' },
    'node_modules/@s/c': { version: '1' },
    'node_modules/d': {},
  };
  const versionFrom = (from: string) => lockEntry(nested, '@s/c', from).version;

  it('finds what Node would: the nearest folder upwards', () => {
    expect(versionFrom('')).toBe('1');
    expect(versionFrom('node_modules/d')).toBe('1');
    expect(versionFrom('node_modules/a')).toBe('2');
    expect(versionFrom('node_modules/a/node_modules/b')).toBe('2');
    expect(lockEntry(nested, 'd', 'node_modules/a/node_modules/b').path).toBe('node_modules/d');
  });

  it('names a module that is not locked', () => {
    expect(() => lockEntry(nested, 'e', 'node_modules/a')).toThrow('package-lock.json has no e');
  });
});

describe('shippedEntries', () => {
  it('follows dependencies through cycles, keeps nested copies, leaves out optional ones', () => {
    const locked: LockPackages = {
      'node_modules/a': { dependencies: { b: '1', c: '2' }, optionalDependencies: { fast: '1' } },
      'node_modules/a/node_modules/c': {},
      'node_modules/b': { dependencies: { a: '1', c: '1' } },
      'node_modules/c': {},
      'node_modules/fast': {},
    };
    expect(shippedEntries(locked, ['a']).map(({ path }) => path)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/c',
      'node_modules/b',
      'node_modules/c',
    ]);
  });

  const EVERYWHERE = ['@img/colour', 'detect-libc', 'onnxruntime-common', 'onnxruntime-web', 'piscina'];

  it('takes the native runtime and the images of one platform alone', () => {
    const native = ['@img/sharp-libvips-linux-arm64', '@img/sharp-linux-arm64', 'onnxruntime-node'];
    expect(namesFor('linux-arm64', true).sort()).toEqual(
      [...EVERYWHERE, ...native, 'semver', 'sharp'].sort(),
    );
  });

  it('takes WebAssembly alone for the universal package', () => {
    const wasm = ['@emnapi/runtime', '@img/sharp-wasm32', 'tslib'];
    expect(namesFor('universal', false).sort()).toEqual([...EVERYWHERE, ...wasm, 'semver', 'sharp'].sort());
  });

  it.each(TARGETS)('everything for %s is pinned with a SHA-512', (target) => {
    for (const { version, integrity } of shippedEntries(
      packages,
      modulesOf(target, target !== 'universal'),
    )) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    }
  });
});

describe('matchesIntegrity', () => {
  // SHA-512 of "abc": FIPS 180-4, appendix.
  const digest = Buffer.from(
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'hex',
  ).toString('base64');

  it('accepts the pinned bytes and no others', () => {
    expect(matchesIntegrity(Buffer.from('abc'), `sha512-${digest}`)).toBe(true);
    expect(matchesIntegrity(Buffer.from('abd'), `sha512-${digest}`)).toBe(false);
  });

  it('accepts nothing without a SHA-512', () => {
    expect(matchesIntegrity(Buffer.from('abc'), undefined)).toBe(false);
    expect(matchesIntegrity(Buffer.from('abc'), 'sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=')).toBe(false);
  });
});
