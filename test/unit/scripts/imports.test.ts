import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../scripts/imports.mjs';

describe('the rules of imports', () => {
  it.each([
    ['a folder through its index', 'src/checkpoint/a.ts', '../protocol/index.ts'],
    ['its own files', 'src/checkpoint/onnx/a.ts', '../bytes/b.ts'],
    ['a module', 'src/spectrum/a.ts', 'zod'],
    ['the API of VS Code, in the extension', 'extension/a.ts', 'vscode'],
    ['what has no schemas', 'src/disk/a.ts', '../protocol/messages.ts'],
    ['numbers to draw, in a figure', 'webview/figures/a.ts', '../series/b.ts'],
    ['the jobs of the engine, in its entry', 'src/engine.ts', './engine/trainJob.ts'],
  ])('allow %s', (_, file, specifier) => {
    expect(faultsOf(file, `import { a } from '${specifier}';`)).toEqual([]);
  });

  it.each([
    [
      'a folder above',
      'src/checkpoint/a.ts',
      '../inspect/index.ts',
      'src/checkpoint may not import src/inspect/index.ts',
    ],
    [
      'anything but documents, where a layer is recommended',
      'src/choose/a.ts',
      '../inspect/index.ts',
      'src/choose may not import src/inspect/index.ts',
    ],
    ['a folder past its index', 'src/train/a.ts', '../store/b.ts', 'src/train may not import src/store/b.ts'],
    [
      'schemas, where the host starts',
      'src/disk/a.ts',
      '../protocol/index.ts',
      'src/disk may not import src/protocol/index.ts',
    ],
    ['the API of VS Code, elsewhere', 'webview/a.ts', 'vscode', "only extension may import 'vscode'"],
    [
      'a figure, in numbers to draw',
      'webview/series/a.ts',
      '../figures/b.ts',
      'webview/series may not import webview/figures/b.ts',
    ],
    [
      'schemas, in a page',
      'webview/pages/a.ts',
      '../../src/protocol/index.ts',
      'webview may not import src/protocol/index.ts',
    ],
    [
      'the extension, in a page',
      'webview/pages/a.ts',
      '../../extension/b.ts',
      'webview may not import extension/b.ts',
    ],
    [
      'the engine, in the extension',
      'extension/a.ts',
      '../src/train/index.ts',
      'extension may not import src/train/index.ts',
    ],
  ])('refuse %s', (_, file, specifier, fault) => {
    const found = [`${file}: ${fault}`];
    expect(faultsOf(file, `import type { a } from '${specifier}';`)).toEqual(found);
    expect(faultsOf(file, `export * from '${specifier}';`)).toEqual(found);
    expect(faultsOf(file, `const { a } = await import('${specifier}');`)).toEqual(found);
  });

  describe('of libraries that take long to load', () => {
    const fault = "src/sources/a.ts: 'sharp' takes long to load, so load it with import() where it is used";

    it('refuse them at the top of a file', () => {
      expect(faultsOf('src/sources/a.ts', "import sharp from 'sharp';")).toEqual([fault]);
      expect(faultsOf('src/sources/a.ts', "import 'sharp';")).toEqual([fault]);
    });

    it('allow them where they are used, and their types anywhere', () => {
      expect(faultsOf('src/sources/a.ts', "const { default: sharp } = await import('sharp');")).toEqual([]);
      expect(faultsOf('src/sources/a.ts', "import type { Sharp } from 'sharp';")).toEqual([]);
    });

    it('allow them in a file that is itself loaded later', () => {
      expect(faultsOf('src/data/augmentWorker.ts', "import { move } from 'piscina';")).toEqual([]);
    });
  });
});
