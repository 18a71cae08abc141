import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundledPackages, PDF_FONTS, thirdPartyNotices } from '../../../scripts/package/notices.mjs';

const bundled = (contents: string) =>
  build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
  }).then(({ metafile }) => metafile);

describe('the notices of a bundle', () => {
  it('name each package that has code in it, and no other', async () => {
    const metafile = await bundled(
      "import { select } from 'd3-selection'; import 'commander'; export const a = select;",
    );
    expect(bundledPackages(metafile)).toEqual(['node_modules/commander', 'node_modules/d3-selection']);
    expect(bundledPackages(await bundled("import { max } from 'd3-array'; export {}"))).toEqual([]);
  });

  it('hold the licence of each once, word for word', async () => {
    const metafile = await bundled("export { select } from 'd3-selection'");
    const text = thirdPartyNotices([metafile, metafile]);
    const licence = readFileSync('node_modules/d3-selection/LICENSE', 'utf8').trim();
    expect(text.split(licence)).toHaveLength(2);
    expect(text).toMatch(/^d3-selection 3\.\d+\.\d+ \(ISC\)$/m);
  });

  it('hold the licence of files that are copied, and the names of their packages', () => {
    const text = thirdPartyNotices([], PDF_FONTS);
    expect(text).toMatch(/^dejavu-fonts-ttf 2\.\d+\.\d+ /m);
    expect(text).toContain(readFileSync('node_modules/dejavu-fonts-ttf/LICENSE', 'utf8').trim());
    expect(text.match(/^dejavu-fonts-ttf /gm)).toHaveLength(1);
  });

  it('have a text for each package that writes PDF, also for those that publish none', async () => {
    const metafile = await bundled("export { PDFDocument } from 'pdfkit'");
    const [, ...entries] = thirdPartyNotices([metafile]).split(/\n\n-{80}\n\n/);
    expect(entries.length).toBeGreaterThan(10);
    const untold = entries.filter((entry) => !/permission is hereby granted|apache license/i.test(entry));
    expect(untold.map((entry) => entry.split('\n')[0])).toEqual([]);
  });
});
