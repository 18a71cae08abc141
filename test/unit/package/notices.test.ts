import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundledPackages, thirdPartyNotices } from '../../../scripts/package/notices.mjs';

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
});
