// Runs a test suite inside VS Code: the desktop build if it is available, else the server with a headless browser.
// PENTIMENTO_VSCODE=desktop or =server selects one. The desktop variant follows test-electron's documentation and is
// not tested.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { cacheFolder } from '../../../scripts/real-vscode/install.mjs';
import { writeUserSettings } from '../../../scripts/real-vscode/server.mjs';
import { attachToDesktop, serveBrowser } from './serveBrowser.mjs';

const STAND_IN = fileURLToPath(new URL('desktopStandIn.mjs', import.meta.url));
const SUITE_IN_HOST = fileURLToPath(new URL('suiteInHost.cjs', import.meta.url));

/** Where test-electron downloads VS Code from. */
const DOWNLOADS = 'https://update.code.visualstudio.com/api/releases/stable';

const downloadsAnswer = () =>
  fetch(DOWNLOADS, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).then(
    (response) => response.ok,
    () => false,
  );

async function useDesktop() {
  const choice = process.env.PENTIMENTO_VSCODE;
  if (choice === 'desktop') return true;
  if (choice === 'server') return false;
  if (choice) throw new Error(`PENTIMENTO_VSCODE=${choice}: use desktop or server.`);
  if (process.platform !== 'linux') return true;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return Boolean(DISPLAY || WAYLAND_DISPLAY) && downloadsAnswer();
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function runOnDesktop(options, version) {
  const port = await freePort();
  const control = await serveBrowser(attachToDesktop(port));
  try {
    return await runTests({
      ...options,
      version,
      cachePath: cacheFolder,
      launchArgs: [...options.launchArgs, `--remote-debugging-port=${port}`],
      extensionTestsEnv: { ...options.extensionTestsEnv, PENTIMENTO_TEST_BROWSER: control.url },
    });
  } finally {
    await control.close();
  }
}

async function run(options, version) {
  if (await useDesktop()) return runOnDesktop(options, version);
  return runTests({ ...options, vscodeExecutablePath: STAND_IN });
}

/**
 * Runs the suite and returns its exit code, 0 when all passed.
 *
 * @param {object} options
 * @param {string} options.extensionDevelopmentPath folder of the extension
 * @param {string} options.extensionTestsPath CommonJS module that exports `run(): Promise<void>`, with its ending
 * @param {string} [options.workspace] folder or .code-workspace file to open
 * @param {string} [options.extensionsDir] installed extensions; an empty temporary folder by default
 * @param {object} [options.settings] the user's settings
 * @param {Record<string, string>} [options.env] variables for the extension host
 * @param {string} [options.version] of the desktop build, 'stable' by default
 */
export async function runSuite(options) {
  const { extensionDevelopmentPath, extensionTestsPath, workspace, settings, env = {} } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'pentimento-vscode-'));
  const userDataDir = join(scratch, 'user-data');
  const extensionsDir = options.extensionsDir ?? join(scratch, 'extensions');
  const finished = join(scratch, 'finished');
  try {
    await writeUserSettings(userDataDir, settings);
    await run(
      {
        extensionDevelopmentPath: resolve(extensionDevelopmentPath),
        extensionTestsPath: SUITE_IN_HOST,
        extensionTestsEnv: {
          ...env,
          PENTIMENTO_TEST_SUITE: resolve(extensionTestsPath),
          PENTIMENTO_TEST_FINISHED: finished,
        },
        launchArgs: [
          ...(workspace === undefined ? [] : [resolve(workspace)]),
          `--user-data-dir=${userDataDir}`,
          `--extensions-dir=${extensionsDir}`,
        ],
      },
      options.version ?? 'stable',
    );
    if (existsSync(finished)) return 0;
    console.error('VS Code ended before the test suite did: see its output above.');
    return 1;
  } catch (error) {
    console.error(error.message);
    return typeof error.code === 'number' ? error.code || 1 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}
