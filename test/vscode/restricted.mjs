// A separate suite in a VS Code that does not trust what it opens: folders from an attacker.
import { rm } from 'node:fs/promises';
import { root } from '../../scripts/setup.mjs';
import { hostileWorkspaces } from '../hostile/workspaces.mjs';
import { bundleSuite, plainWindow } from './bundleSuite.mjs';
import { runSuite } from './launcher/runSuite.mjs';

/** At startup, VS Code would wait for an answer in a dialog, which tests cannot give. */
const untrusted = {
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.enabled': true,
};

/** Runs the suite in Restricted Mode and returns its exit code; the desktop build's test mode trusts everything. */
export async function runRestricted(extensionDevelopmentPath = root) {
  if (process.platform !== 'linux') {
    console.log(
      'In VS Code, in Restricted Mode: tried on Linux alone, where the server stands in for the desktop.',
    );
    return 0;
  }
  console.log('\nIn VS Code, in Restricted Mode, on hostile folders:');
  process.env.PENTIMENTO_VSCODE = 'server';
  const suite = await bundleSuite('test/vscode/restricted/index.ts', 'restricted');
  const hostile = await hostileWorkspaces();
  try {
    return await runSuite({
      extensionDevelopmentPath,
      extensionTestsPath: suite,
      workspace: hostile.workspace,
      settings: { ...plainWindow, ...untrusted },
      env: {
        PENTIMENTO_TEST_TRUST: 'ask',
        PENTIMENTO_TEST_SEED: process.env.PENTIMENTO_TEST_SEED ?? '',
        PENTIMENTO_TEST_PATIENCE: process.env.PENTIMENTO_TEST_PATIENCE ?? '',
        PENTIMENTO_TEST_TOTALS: process.env.PENTIMENTO_TEST_TOTALS ?? '',
        PENTIMENTO_TEST_GREP: process.env.PENTIMENTO_TEST_GREP ?? '',
        PENTIMENTO_TEST_SCREENSHOTS: process.env.PENTIMENTO_TEST_SCREENSHOTS ?? '',
      },
    });
  } finally {
    await rm(hostile.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
