// Serves VS Code with the extension installed, for trying it in any browser.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolder } from './install.mjs';
import { startServer, windowUrl, writeUserSettings } from './server.mjs';
import { OWN_ORIGINS_HOST } from './webviewOrigins.mjs';

/**
 * Installs the extension by reference: VS Code's list of installed extensions may name any folder. Other installed
 * extensions are kept.
 */
async function linkExtension(extensionPath, extensionsDir) {
  const { publisher, name, version } = JSON.parse(
    await readFile(join(extensionPath, 'package.json'), 'utf8'),
  );
  const id = `${publisher}.${name}`;
  const file = join(extensionsDir, 'extensions.json');
  const installed = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : [];
  const others = installed.filter((entry) => entry.identifier.id !== id);
  const location = { $mid: 1, path: extensionPath, scheme: 'file' };
  await mkdir(extensionsDir, { recursive: true });
  await writeFile(file, JSON.stringify([...others, { identifier: { id }, version, location }]));
}

/** Resolves with the name of the signal that tells this process to end. */
const interrupted = () =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });

/**
 * Opens `folder` in a VS Code on the loopback address with the extension from `extensionPath`, prints the address, and
 * returns when the process is told to end (Ctrl-C) or when the server ends by itself, which is an error. Settings and
 * other extensions are kept for the next time. `workspaceTrust: false` is for folders that are part of the project.
 */
export async function serve({ folder, extensionPath, port = 0, settings = {}, workspaceTrust = true }) {
  const state = join(cacheFolder, 'served');
  const userDataDir = join(state, 'user-data');
  const extensionsDir = join(state, 'extensions');
  await linkExtension(resolve(extensionPath), extensionsDir);
  if (!existsSync(join(userDataDir, 'User', 'settings.json'))) await writeUserSettings(userDataDir, settings);
  const server = await startServer({ userDataDir, extensionsDir, port, workspaceTrust });
  const url = windowUrl(server, { folder: resolve(folder) });
  console.log(`VS Code with the extension: ${url}`);
  console.log(
    `In Chrome, Edge and Firefox, panels open faster at ${url.replace('127.0.0.1', OWN_ORIGINS_HOST)}`,
  );
  console.log('Press Ctrl-C to stop.');
  const code = await Promise.race([interrupted().then(() => undefined), server.ended]);
  await server.stop();
  if (code !== undefined) throw new Error(`The VS Code server ended by itself (${code}): start it again.`);
}
