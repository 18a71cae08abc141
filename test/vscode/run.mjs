// Tests in a real VS Code, in rounds: a suite in Restricted Mode, another on the packaged extension.
// `--only ROUND` runs one of them, and `--only sources` the suite without packaging.
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/setup.mjs';
import { bundleSuite, plainWindow } from './bundleSuite.mjs';
import { installPackage } from './installPackage.mjs';
import { runSuite } from './launcher/runSuite.mjs';
import { prepareWorkspace } from './prepareWorkspace.mjs';
import { runRestricted } from './restricted.mjs';
import { ROUNDS } from './rounds.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const suite = await bundleSuite('test/vscode/suite/index.ts', 'suite');

/** Runs the suite on one form of the extension, in its own workspace. */
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
        PENTIMENTO_TEST_SEED: process.env.PENTIMENTO_TEST_SEED ?? '',
        PENTIMENTO_TEST_PATIENCE: process.env.PENTIMENTO_TEST_PATIENCE ?? '',
        PENTIMENTO_TEST_TOTALS: process.env.PENTIMENTO_TEST_TOTALS ?? '',
        PENTIMENTO_TEST_SCREENSHOTS: process.env.PENTIMENTO_TEST_SCREENSHOTS ?? '',
      },
      ...options,
    });
  } finally {
    await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

const rounds = {
  sources: () => run('sources', { extensionDevelopmentPath: root }),
  restricted: () => runRestricted(),
  package: async () => {
    const { extensionsDir, developmentPath, dispose } = await installPackage();
    try {
      return await run('package', { extensionDevelopmentPath: developmentPath, extensionsDir });
    } finally {
      await dispose();
    }
  },
};

/** The exit code of a round; one that cannot be started has failed. */
const outcomeOf = (round) =>
  rounds[round]().catch((error) => {
    console.error(`In VS Code, on the ${round}: ${error.message}`);
    return 1;
  });

const codes = [];
for (const round of values.only === undefined ? ROUNDS : [values.only]) codes.push(await outcomeOf(round));
process.exit(codes.find((code) => code !== 0) ?? 0);
