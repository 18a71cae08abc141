// Finds a Chromium for headless use: an installed one, else the one in the npm package @sparticuz/chromium.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { buildOnce, cacheFolder } from './install.mjs';

const run = promisify(execFile);

const COMMANDS = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/** For use on the loopback address only: no GPU, and no background connections to other hosts. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function installedCandidates() {
  const { platform, env } = process;
  if (platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return names.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (platform === 'win32') {
    const places = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean);
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return places.flatMap((place) => programs.map((program) => join(place, program)));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/** Whether a program runs: on Linux the file may be a stub that only explains how to install the browser. */
async function runs(executablePath, env = process.env) {
  if (process.platform !== 'linux') return true;
  return run(executablePath, ['--version'], { env, timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

/**
 * Unpacks the browser of @sparticuz/chromium into the cache. The package unpacks into the system's temporary folder
 * under a fixed name, where a half-written or foreign file would be taken for the browser; hence a separate folder.
 */
async function unpackBundled(into) {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const script = `const it = require(${JSON.stringify(entry)}); (it.default ?? it).executablePath()`;
  // With this variable it also unpacks the libraries (nss, nspr, expat) that a bare system lacks.
  const env = { ...process.env, TMPDIR: into, AWS_EXECUTION_ENV: 'nodejs20.x' };
  await run(process.execPath, ['-e', script], { env });
}

async function bundledBrowser() {
  const require = createRequire(import.meta.url);
  const packageFile = join(require.resolve('@sparticuz/chromium'), '..', '..', '..', 'package.json');
  const { version } = require(packageFile);
  const folder = await buildOnce(join(cacheFolder, `chromium-${version}`), unpackBundled);
  const executablePath = join(folder, 'chromium');
  const env = { ...process.env };
  // A system's own libraries come first; those of the package are older.
  if (!(await runs(executablePath, env))) {
    env.LD_LIBRARY_PATH = [join(folder, 'al2023', 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  }
  env.FONTCONFIG_FILE ??= await writeFontConfiguration(folder);
  return { executablePath, args: [...QUIET, '--no-sandbox', '--no-zygote'], env };
}

/** Adds the package's fonts to those of the system; the package's own configuration names the temporary folder. */
async function writeFontConfiguration(folder) {
  const file = join(folder, 'fonts.conf');
  const parts = [
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    `<dir>${join(folder, 'fonts')}</dir>`,
    `<cachedir>${join(folder, 'fonts-cache')}</cachedir>`,
  ];
  await writeFile(file, `<?xml version="1.0"?>\n<fontconfig>${parts.join('')}</fontconfig>\n`);
  return file;
}

/**
 * Returns `{executablePath, args, env}` for playwright-core's `chromium.launch`. Looks, in this order, at
 * PENTIMENTO_CHROMIUM, at installed browsers, and at the package @sparticuz/chromium (Linux x64).
 * Throws a one-line error if there is none.
 */
export async function findBrowser() {
  const chosen = process.env.PENTIMENTO_CHROMIUM;
  const candidates = chosen ? [chosen] : installedCandidates();
  for (const executablePath of candidates) {
    if (existsSync(executablePath) && (await runs(executablePath))) {
      return { executablePath, args: [...QUIET, '--no-sandbox'], env: process.env };
    }
  }
  if (chosen) throw new Error(`PENTIMENTO_CHROMIUM=${chosen} does not run: name a Chromium or Chrome there.`);
  const remedy = 'install Chromium or Chrome, or name one in PENTIMENTO_CHROMIUM';
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`No Chromium, Chrome or Edge was found: ${remedy}.`);
  }
  return bundledBrowser().catch((error) => {
    throw new Error(
      `No browser was found, nor does @sparticuz/chromium give one (${error.message}): ${remedy}.`,
      {
        cause: error,
      },
    );
  });
}
