// The suite in a real VS Code: once on the sources, once on the packaged extension. `--only sources|package` runs one.
import { rm } from 'node:fs/promises';
import { root } from '../../scripts/setup.mjs';
import { bundleSuite, plainWindow } from './bundleSuite.mjs';
import { installPackage } from './installPackage.mjs';
import { runSuite } from './launcher/runSuite.mjs';
import { prepareWorkspace } from './prepareWorkspace.mjs';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null;
const suite = await bundleSuite('test/vscode/suite/index.ts', 'suite');

/** Runs the suite on one form of the extension, in a workspace of its own. */
async function run(form, options) {
  console.log(`\nIn VS Code, on the ${form}:`);
  const workspace = await prepareWorkspace();
  try {
    return await runSuite({
      extensionTestsPath: suite,
      workspace,
      settings: plainWindow,
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
