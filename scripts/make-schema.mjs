// Writes the JSON schemas of media/schema from the zod schemas: node scripts/make-schema.mjs
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
  const { editorSchema, experimentJsonSchema, inspectionJsonSchema } = await import(
    pathToFileURL(outfile).href
  );
  await mkdir(join(root, 'media/schema'), { recursive: true });
  for (const [name, schema] of Object.entries({
    experiment: experimentJsonSchema(),
    inspection: inspectionJsonSchema(),
  })) {
    const file = `media/schema/${name}.schema.json`;
    const target = join(root, file);
    await writeFile(`${target}.partial`, `${JSON.stringify(editorSchema(schema), null, 2)}\n`);
    await rename(`${target}.partial`, target);
    console.log(file);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
