import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Manifest, namedFiles, PACKAGED, packagedManifest } from '../../../scripts/package/manifest.mjs';

const own = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

describe('packagedManifest', () => {
  it('keeps what VS Code reads, and of the dependencies those that are not bundled', () => {
    const manifest = {
      name: 'n',
      type: 'module',
      main: './dist/extension.cjs',
      bin: { n: 'scripts/n.mjs' },
      scripts: { build: 'x' },
      dependencies: { piscina: '5', zod: '4', 'onnxruntime-node': '1' },
      devDependencies: { vitest: '4' },
      allowScripts: { esbuild: false },
      contributes: { commands: [] },
    };
    expect(packagedManifest(manifest, ['piscina', 'semver'])).toEqual({
      name: 'n',
      type: 'module',
      main: './dist/extension.cjs',
      files: ['dist', 'media', 'docs', 'l10n', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'],
      dependencies: { piscina: '5' },
      contributes: { commands: [] },
    });
  });
});

describe('README', () => {
  it('can be read in a few minutes', () => {
    expect(readFileSync('README.md', 'utf8').split(/\s+/).length).toBeLessThanOrEqual(800);
  });
});

describe('namedFiles', () => {
  it('finds the files of every kind of contribution', () => {
    const manifest = {
      main: './dist/extension.cjs',
      icon: 'media/icon.png',
      contributes: {
        commands: [
          { command: 'a', title: 'A', icon: '$(play)' },
          { command: 'b', title: 'B', icon: { light: 'media/b-light.svg', dark: './media/b-dark.svg' } },
        ],
        configuration: { properties: { 'a.path': { type: 'string', default: 'no/file' } } },
        colors: [{ id: 'a.colour', defaults: { light: '#fff', dark: 'editor.foreground' } }],
        grammars: [{ scopeName: 'source.a', path: './media/a.tmLanguage.json' }],
        icons: { 'a-layer': { description: '', default: { fontPath: 'media/a.woff', fontCharacter: 'x' } } },
        jsonValidation: [
          { fileMatch: '*.a.json', url: './media/schema/a.json' },
          { fileMatch: '*.b.json', url: 'https://example.org/b.json' },
        ],
        languages: [{ id: 'a', configuration: './media/language.json' }],
        notebookRenderer: [{ id: 'a', entrypoint: './dist/a.js', mimeTypes: ['application/a+json'] }],
        viewsContainers: { activitybar: [{ id: 'a', title: 'A', icon: 'media/a.svg' }] },
        walkthroughs: [
          {
            id: 'w',
            steps: [
              { id: '1', media: { markdown: 'media/walkthrough/1.md' } },
              { id: '2', media: { image: { dark: 'media/2d.png', hc: 'media/2h.png' }, altText: 'x' } },
              { id: '3', media: { svg: 'media/3.svg', altText: 'x' } },
            ],
          },
        ],
      },
    };
    expect(namedFiles(manifest)).toEqual([
      'dist/a.js',
      'dist/extension.cjs',
      'media/2d.png',
      'media/2h.png',
      'media/3.svg',
      'media/a.svg',
      'media/a.tmLanguage.json',
      'media/a.woff',
      'media/b-dark.svg',
      'media/b-light.svg',
      'media/icon.png',
      'media/language.json',
      'media/schema/a.json',
      'media/walkthrough/1.md',
    ]);
  });
});

describe('package.json', () => {
  const isBuilt = (file: string) => file === 'dist' || file.startsWith('dist/');

  it('names only files that are there, or are built, and are packaged', () => {
    const files = namedFiles(own);
    const packaged = files.filter((file) => PACKAGED.some((part) => file.startsWith(`${part}/`)));
    expect(packaged).toEqual(files);
    expect(files.filter((file) => !isBuilt(file) && !existsSync(file))).toEqual([]);
  });

  it('has what every package has', () => {
    expect(PACKAGED.filter((file) => !isBuilt(file) && !existsSync(file))).toEqual([]);
  });
});
