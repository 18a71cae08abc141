// Writes media/schema/experiment.schema.json from the zod schema: node scripts/make-schema.mjs
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Inside the repository, so that the bundle finds node_modules.
const folder = await mkdtemp(join(root, 'node_modules', '.make-schema-'));
try {
  const outfile = join(folder, 'experiment.mjs');
  await build({
    entryPoints: [join(root, 'src/experiment/index.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  const { editorSchema, experimentJsonSchema } = await import(pathToFileURL(outfile).href);
  const target = join(root, 'media/schema/experiment.schema.json');
  await mkdir(join(root, 'media/schema'), { recursive: true });
  await writeFile(`${target}.partial`, `${JSON.stringify(editorSchema(experimentJsonSchema()), null, 2)}\n`);
  await rename(`${target}.partial`, target);
  console.log('media/schema/experiment.schema.json');
} finally {
  await rm(folder, { recursive: true, force: true });
}
