import { describe, expect, it } from 'vitest';
import { runtimeBinaries, shippedFiles } from '../../../scripts/package/shippedFiles.mjs';

const bin = (folder: string, ...names: string[]) => names.map((name) => `bin/napi-v6/${folder}/${name}`);
const linux = bin('linux/x64', 'libonnxruntime.so.1', 'onnxruntime_binding.node');
const mac = bin('darwin/arm64', 'libonnxruntime.1.dylib', 'onnxruntime_binding.node');
const windows = bin('win32/x64', 'onnxruntime.dll', 'onnxruntime_binding.node');
const windowsArm = bin('win32/arm64', 'onnxruntime.dll', 'onnxruntime_binding.node');
const RUNTIME = [
  ...linux,
  ...mac,
  ...bin('darwin/arm64', 'libonnxruntime.1.30.0.dylib'),
  ...windows,
  ...bin('win32/x64', 'DirectML.dll', 'dxcompiler.dll', 'dxil.dll'),
  ...windowsArm,
  'README.md',
  'dist/binding.js',
  'dist/binding.js.map',
  'lib/binding.ts',
  'package.json',
  'script/install.js',
];

describe('runtimeBinaries', () => {
  it.each([
    ['linux-x64', linux],
    ['darwin-arm64', mac],
    ['win32-x64', windows],
    ['win32-arm64', windowsArm],
    ['darwin-x64', []],
  ])('%s', (target, expected) => {
    expect(runtimeBinaries(RUNTIME, target).sort()).toEqual([...expected].sort());
  });

  it('refuses a release whose library has another name', () => {
    const renamed = bin('linux/x64', 'libonnxruntime.so.2', 'onnxruntime_binding.node');
    expect(() => runtimeBinaries(renamed, 'linux-x64')).toThrow('not onnxruntime_binding.node and lib');
  });
});

describe('shippedFiles', () => {
  it('keeps of onnxruntime-node what runs on the target', () => {
    const code = ['README.md', 'dist/binding.js', 'package.json'];
    expect(shippedFiles('onnxruntime-node', RUNTIME, 'linux-x64').sort()).toEqual([...linux, ...code].sort());
  });

  it('keeps of onnxruntime-web what Node loads', () => {
    const loaded = [
      'dist/ort-wasm-simd-threaded.mjs',
      'dist/ort-wasm-simd-threaded.wasm',
      'dist/ort.node.min.mjs',
      'package.json',
    ];
    const browser = [
      'dist/ort-wasm-simd-threaded.jsep.mjs',
      'dist/ort-wasm-simd-threaded.jsep.wasm',
      'dist/ort.min.mjs',
      'dist/ort.node.min.js',
      'dist/ort.node.min.mjs.map',
      'lib/index.ts',
    ];
    expect(shippedFiles('onnxruntime-web', [...loaded, ...browser], 'universal')).toEqual(loaded);
  });

  it('keeps libraries of every platform, with the licences of what is inside', () => {
    const kept = [
      'LICENSE',
      'README.md',
      'lib/index.js',
      'lib/libvips-42.dll',
      'lib/libvips-cpp.8.18.7.dylib',
      'lib/libvips-cpp.so.8.18.7',
      'lib/sharp.node',
      'package.json',
      'versions.json',
    ];
    const headers = ['lib/glib-2.0/include/glibconfig.h'];
    expect(shippedFiles('@img/sharp-x', [...kept, ...headers], 'linux-x64')).toEqual(kept);
  });

  it('keeps of other modules the code, not types, maps, sources, tests or prose', () => {
    const kept = ['LICENSE.md', 'dist/main.js', 'dist/wrapper.mjs', 'package.json'];
    const rest = [
      'README.md',
      'benchmark/run.js',
      'dist/main.d.ts',
      'dist/main.js.map',
      'docs/config.js',
      'src/main.ts',
      'test/main.test.js',
    ];
    expect(shippedFiles('piscina', [...kept, ...rest], 'linux-x64')).toEqual(kept);
    expect(shippedFiles('unlicensed', ['README.md', 'package.json'], 'linux-x64')).toContain('README.md');
  });
});
