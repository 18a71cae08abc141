// Packs the extension for this platform and unpacks it as an installed one, as VS Code would.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';

const must = (command, args) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`);
};

/** The folders for the suite; `dispose` removes them. The development extension is empty, because ours is installed. */
export async function installPackage() {
  const target = `${process.platform}-${process.arch}`;
  must(process.execPath, ['scripts/package.mjs', '--target', target, '--no-build']);
  const { publisher, name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const scratch = await mkdtemp(join(tmpdir(), 'pentimento-installed-'));
  const extensionsDir = join(scratch, 'extensions');
  const unpacked = join(scratch, 'unpacked');
  const installed = join(extensionsDir, `${publisher}.${name}-${version}`);
  await mkdir(extensionsDir, { recursive: true });
  const { default: yauzl } = await import('yauzl');
  await unzip(yauzl, join(root, 'packages', `${name}-${target}-${version}.vsix`), unpacked);
  const { rename } = await import('node:fs/promises');
  await rename(join(unpacked, 'extension'), installed);
  await writeFile(
    join(extensionsDir, 'extensions.json'),
    JSON.stringify([
      {
        identifier: { id: `${publisher}.${name}` },
        version,
        location: { $mid: 1, path: installed, scheme: 'file' },
      },
    ]),
  );
  const developmentPath = join(scratch, 'empty');
  await mkdir(developmentPath);
  await writeFile(
    join(developmentPath, 'package.json'),
    JSON.stringify({ name: 'empty', publisher: 'test', version: '1.0.0', engines: { vscode: '*' } }),
  );
  return { extensionsDir, developmentPath, dispose: () => rm(scratch, { recursive: true, force: true }) };
}

/** Unpacks every file of the archive into a folder. */
async function unzip(yauzl, archive, folder) {
  const { createWriteStream } = await import('node:fs');
  const { pipeline } = await import('node:stream/promises');
  const { dirname } = await import('node:path');
  const zip = await new Promise((resolve, reject) =>
    yauzl.open(archive, { lazyEntries: true, autoClose: true }, (error, file) =>
      error ? reject(error) : resolve(file),
    ),
  );
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry) => {
      if (entry.fileName.endsWith('/')) return zip.readEntry();
      zip.openReadStream(entry, async (error, stream) => {
        try {
          if (error) throw error;
          const file = join(folder, entry.fileName);
          await mkdir(dirname(file), { recursive: true });
          await pipeline(stream, createWriteStream(file));
          zip.readEntry();
        } catch (failure) {
          reject(failure);
        }
      });
    });
    zip.readEntry();
  });
}
