// Runs the VS Code server on the loopback address.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installServer } from './install.mjs';

/** Turns off the parts of VS Code that contact other hosts by themselves. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Writes a user's settings.json; the web workbench reads it from the server's user data folder. */
export async function writeUserSettings(userDataDir, settings) {
  await mkdir(join(userDataDir, 'User'), { recursive: true });
  const text = JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2);
  await writeFile(join(userDataDir, 'User', 'settings.json'), `${text}\n`);
}

/** A terminal inside VS Code exports variables that would affect the server. */
function cleanEnvironment(extra) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VSCODE_') && !name.startsWith('ELECTRON_') && name !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(kept), ...extra };
}

async function tokenArguments(userDataDir, token) {
  if (token === undefined) return ['--without-connection-token'];
  // In a file, because command lines can be read by other users of the machine.
  const file = join(userDataDir, 'connection-token');
  await writeFile(file, token, { mode: 0o600 });
  return ['--connection-token-file', file];
}

/** Resolves with the port once the server says that it listens; rejects when it ends before that. */
function listening(child, seconds = 300) {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (what) => {
      clearTimeout(timer);
      reject(new Error(`The VS Code server ${what}: ${output.trim().split('\n').slice(-3).join(' | ')}`));
    };
    const timer = setTimeout(fail, seconds * 1000, `did not start within ${seconds} s`);
    const read = (chunk) => {
      output = (output + chunk).slice(-20_000);
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
  });
}

/** Kills the server and its child processes; it leads its own process group. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Starts the server and waits until it listens.
 *
 * @param {object} options
 * @param {string} options.userDataDir settings, state and logs
 * @param {string} options.extensionsDir installed extensions
 * @param {string} [options.hostName] a name of the loopback address for the url; OWN_ORIGINS_HOST separates webviews
 * @param {number} [options.port] 0, the default, uses a free one
 * @param {string} [options.token] secret that the page must present; random by default
 * @param {boolean} [options.withoutToken] gives every user of this machine access
 * @param {boolean} [options.workspaceTrust] whether VS Code asks for trust; true by default
 * @param {string[]} [options.args] further arguments of the server
 * @param {Record<string, string>} [options.env] variables for the server and its extension host
 * @param {(text: string) => void} [options.log] gets what the server prints
 * @returns url (of the empty window), authority (host and port, for vscode-remote: resources), token, ended (resolves with the
 *   exit code or signal) and stop
 */
export async function startServer(options) {
  const { userDataDir, extensionsDir, hostName = '127.0.0.1', port = 0, workspaceTrust = true } = options;
  const { args = [], env = {}, log } = options;
  const server = await installServer();
  await mkdir(userDataDir, { recursive: true });
  await mkdir(extensionsDir, { recursive: true });
  const token = options.withoutToken ? undefined : (options.token ?? randomBytes(16).toString('hex'));
  const child = spawn(
    process.execPath,
    [
      '--import',
      new URL('exitWithParent.mjs', import.meta.url).href,
      join(server, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...(await tokenArguments(userDataDir, token)),
      ...['--user-data-dir', userDataDir, '--server-data-dir', join(userDataDir, 'server')],
      ...['--extensions-dir', extensionsDir],
      ...['--accept-server-license-terms', '--disable-telemetry', '--telemetry-level', 'off'],
      ...['--disable-update-check', '--disable-getting-started-override'],
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...args,
    ],
    { env: cleanEnvironment(env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const kill = () => killGroup(child);
  process.once('exit', kill);
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.once('error', (error) => resolve(error.message));
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log?.(String(chunk)));
  const stop = async () => {
    kill();
    await ended;
    process.removeListener('exit', kill);
  };
  try {
    const authority = `${hostName}:${await listening(child)}`;
    const url = `http://${authority}/${token === undefined ? '' : `?tkn=${token}`}`;
    return { url, authority, token, ended, stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    throw error;
  }
}

/**
 * The address of a window of a server: it opens `folder` or `workspace`, and `payload` contains pairs for the
 * workbench.
 */
export function windowUrl(server, { folder, workspace, payload }) {
  const url = new URL(server.url);
  if (folder !== undefined) url.searchParams.set('folder', folder);
  if (workspace !== undefined) url.searchParams.set('workspace', workspace);
  if (payload !== undefined) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
