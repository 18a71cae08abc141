import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LARGE_FILES } from './largeFiles.ts';

/**
 * MiB that a process may take while it refuses a file. Garbage counts, and a busy machine collects it later: 192 were seen once
 * where less than 190 are usual, so the limit is well above that.
 */
const MOST = 250;
/** A process that takes longer than this (ms) hangs, however busy the machine is. */
const PATIENCE = 300_000;

interface Answer {
  readonly opened?: number;
  readonly fault?: boolean;
  readonly message?: string;
  readonly peak: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'pentimento-large-'));

/** Opens a file of `folder` in a separate process. */
const openAlone = (folder: string, file: string): Answer => {
  const { status, signal, stdout, stderr } = spawnSync('node', [join(scratch, 'openOnce.js'), file], {
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
      outdir: scratch,
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
  afterAll(() => rmSync(scratch, { recursive: true }));

  it.each(LARGE_FILES)(
    `takes less than ${MOST} MiB for $name: $says`,
    ({ name, write, says }) => {
      const folder = join(scratch, 'files');
      mkdirSync(folder);
      try {
        write(folder);
        const { opened, fault, message, peak } = openAlone(folder, name);
        expect(opened).toBeUndefined();
        expect(fault, message).toBe(true);
        // Where, what and what to do about it, in one line.
        const start = message?.slice(0, message.indexOf(says));
        expect(message).toContain(says);
        expect(start).toMatch(/^[\w.]+(?:, (?:byte \d+|entry "[^"]+"(?:, byte \d+)?))?: $/);
        expect(message).toMatch(/\. \w[^\n]*\.$/);
        expect(peak).toBeLessThan(MOST);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    2 * PATIENCE,
  );
});
