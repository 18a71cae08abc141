// The suite in a real VS Code: once on the sources, once on the packaged extension. `--only sources|package` runs one.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/setup.mjs';
import { installPackage } from './installPackage.mjs';
import { runSuite } from './launcher/runSuite.mjs';
import { prepareWorkspace } from './prepareWorkspace.mjs';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
const suite = join(root, '.vscode-test', 'suite');
const settings = {
  'workbench.startupEditor': 'none',
  'window.commandCenter': false,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
};

await build({
  absWorkingDir: root,
  entryPoints: { index: 'test/vscode/suite/index.ts' },
  outdir: suite,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode', 'mocha'],
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  logLevel: 'warning',
});

/** Runs the suite on one form of the extension, in a workspace of its own. */
async function run(form, options) {
  console.log(`\nIn VS Code, on the ${form}:`);
  const workspace = await prepareWorkspace();
  try {
    return await runSuite({
      extensionTestsPath: join(suite, 'index.cjs'),
      workspace,
      settings,
      env: {
        PENTIMENTO_TEST_FORM: form,
        PENTIMENTO_TEST_GREP: process.env.PENTIMENTO_TEST_GREP ?? '',
        PENTIMENTO_TEST_SCREENSHOTS: process.env.PENTIMENTO_TEST_SCREENSHOTS ?? '',
      },
      ...options,
    });
  } finally {
    await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

let code = 0;
if (only !== 'package') code = await run('sources', { extensionDevelopmentPath: root });
if (code === 0 && only !== 'sources') {
  const { extensionsDir, developmentPath, dispose } = await installPackage();
  try {
    code = await run('package', { extensionDevelopmentPath: developmentPath, extensionsDir });
  } finally {
    await dispose();
  }
}
process.exit(code);
