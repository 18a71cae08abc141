// `npm run package`: builds, then creates the packages that VS Code installs: one for each platform with its native
// code, and a universal one with WebAssembly.
//
//   npm run package -- [--target TARGET]... [--no-build]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stage } from './package/stage.mjs';
import { TARGETS } from './package/targets.mjs';
import { packVsix } from './package/vsix.mjs';
import { ensureDependencies, must, root } from './setup.mjs';

function chosen() {
  try {
    const { values } = parseArgs({
      options: { target: { type: 'string', multiple: true }, 'no-build': { type: 'boolean' } },
    });
    const unknown = values.target?.find((target) => !TARGETS.includes(target));
    if (unknown !== undefined) throw new Error(`There is no target ${unknown}`);
    return { targets: values.target ?? TARGETS, build: !values['no-build'] };
  } catch (error) {
    console.error(`${error.message}\nUsage: npm run package -- [--target TARGET]... [--no-build]`);
    console.error(`TARGET is one of ${TARGETS.join(', ')}; without it, all are made.`);
    process.exit(2);
  }
}

function makePackage(target) {
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-package-'));
  try {
    const { file, files } = packVsix(target, folder, stage(target, folder));
    const megabytes = (statSync(join(root, file)).size / 1e6).toFixed(1);
    console.log(`${file}  ${megabytes} MB  ${files} files`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { targets, build } = chosen();
ensureDependencies();
if (build) must('node', ['scripts/build.mjs']);
try {
  for (const target of targets) makePackage(target);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
