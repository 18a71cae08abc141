import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LARGE_FILES } from './largeFiles.ts';

/** MiB that a process may take while it refuses a file. */
const MOST = 200;
/** A process that takes longer than this hangs, ms. */
const PATIENCE = 60_000;

interface Answer {
  readonly opened?: number;
  readonly fault?: boolean;
  readonly message?: string;
  readonly peak: number;
}

const folder = mkdtempSync(join(tmpdir(), 'pentimento-large-'));

/** Opens a file in a process of its own. */
const openAlone = (file: string): Answer => {
  const { status, signal, stdout, stderr } = spawnSync('node', [join(folder, 'openOnce.js'), file], {
    cwd: folder,
    encoding: 'utf8',
    timeout: PATIENCE,
  });
  expect([status, signal, stderr]).toEqual([0, null, '']);
  return JSON.parse(stdout);
};

// Peak memory is read from /proc.
describe.runIf(process.platform === 'linux')('a process that refuses a large hostile file', () => {
  beforeAll(() =>
    build({
      entryPoints: { openOnce: 'test/corpus/openOnce.ts', hdf5Worker: 'src/checkpoint/hdf5/worker.ts' },
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
      banner: {
        js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
      },
    }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.keys(LARGE_FILES))(
    `says what is wrong with %s, and takes less than ${MOST} MiB`,
    (name) => {
      LARGE_FILES[name](folder);
      const { opened, fault, message, peak } = openAlone(name);
      rmSync(join(folder, name));
      expect(opened).toBeUndefined();
      expect(fault, message).toBe(true);
      expect(message).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}[:,]`));
      expect(message).not.toContain('\n');
      expect(peak).toBeLessThan(MOST);
    },
    2 * PATIENCE,
  );
});
