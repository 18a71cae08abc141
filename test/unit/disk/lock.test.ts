import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { holderOf, type LockOwner, whileLocked } from '../../../src/disk/index.ts';
import { ownProcessTable, startOfProcess } from '../../../src/disk/processes.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
let count = 0;
const freshFolder = (): string => {
  const folder = join(scratch, `run${++count}`);
  mkdirSync(folder);
  return folder;
};

const script = join(scratch, 'hold.mjs');
/** Takes the lock, reports it, and holds it until it is told how to end. */
const HOLD = `
  import { whileLocked } from './src/disk/index.ts';
  const [folder, way] = process.argv.slice(2);
  await whileLocked(folder, 'train', async () => {
    process.stdout.write('held');
    if (way === 'throw') throw new Error('a fault');
    if (way === 'exit') process.exit(3);
    if (way === 'hold') await new Promise((resolve) => process.stdin.once('data', resolve));
  }).catch((error) => { process.stdout.write(error.message); process.exitCode = 1; });
  process.stdin.destroy();
`;
beforeAll(() => {
  buildSync({
    stdin: { contents: HOLD, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });
});

const holding = async (folder: string, way: string) => {
  const child = spawn(process.execPath, [script, folder, way], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [said] = await once(child.stdout, 'data');
  return { child, exited, said: String(said) };
};

const owner = (change: Partial<LockOwner>): LockOwner => ({
  token: '0'.repeat(32),
  pid: process.pid,
  host: 'elsewhere',
  processes: ownProcessTable(),
  started: startOfProcess(process.pid),
  since: '2026-01-02T03:04:05.000Z',
  ...change,
});

const planted = (text: string, silentSeconds = 0): string => {
  const folder = freshFolder();
  const path = join(folder, 'train.lock');
  writeFileSync(path, text);
  const then = Date.now() / 1000 - silentSeconds;
  utimesSync(path, then, then);
  return folder;
};
const take = (folder: string) => whileLocked(folder, 'train', async () => 'taken');

describe('a lock', () => {
  it('names its holder while it is held, refuses others, and is gone after', async () => {
    const folder = freshFolder();
    await whileLocked(folder, 'train', async () => {
      const { pid, started } = JSON.parse(readFileSync(join(folder, 'train.lock'), 'utf8')) as LockOwner;
      expect([pid, started]).toEqual([process.pid, startOfProcess(process.pid)]);
      expect((await holderOf(folder, 'train'))?.pid).toBe(process.pid);
      expect((await faultOf(take(folder))).message).toMatch(
        /^\S+run\d+: is being trained by process \d+ on \S+ \(since [-\d]+ [:\d]+ UTC\)\. Wait until it finishes or stop it, or train into another folder \(--out\)\.$/,
      );
      // Inspecting uses another lock.
      expect(await whileLocked(folder, 'inspect', async () => readdirSync(folder).sort())).toEqual([
        'inspect.lock',
        'train.lock',
      ]);
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(await holderOf(folder, 'train')).toBeNull();
  });

  it('is one of many that are asked for at the same time', async () => {
    const folder = freshFolder();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let refused = 0;
    const takers = Array.from({ length: 12 }, () =>
      whileLocked(folder, 'train', () => gate).then(
        () => 'held',
        () => {
          if (++refused === 11) open();
          return 'refused';
        },
      ),
    );
    expect((await Promise.all(takers)).filter((outcome) => outcome === 'held')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['throw', 'exit', 'end'])('is released by a process that ends by %s', async (way) => {
    const folder = freshFolder();
    const { exited, said } = await holding(folder, way);
    expect(said).toMatch(/^held/);
    await exited;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process that was killed is left, and taken over', async () => {
    const folder = freshFolder();
    const { child, exited } = await holding(folder, 'hold');
    expect((await faultOf(take(folder))).what).toContain(`process ${child.pid} on`);
    child.kill('SIGKILL');
    await exited;
    expect(readdirSync(folder)).toEqual(['train.lock']);
    expect(await holderOf(folder, 'train')).toBeNull();
    expect(await take(folder)).toBe('taken');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an abandoned lock', () => {
  it('is one of a process that is gone, however short a time ago', async () => {
    // No system assigns this process id.
    expect(await take(planted(JSON.stringify(owner({ pid: 999_999_999 }))))).toBe('taken');
  });

  it('is one of a process that started at another time', async () => {
    expect(await take(planted(JSON.stringify(owner({ started: '1' }))))).toBe('taken');
  });

  it('is not one of this process, however long it was silent', async () => {
    const folder = planted(JSON.stringify(owner({})), 100_000);
    expect((await faultOf(take(folder))).what).toContain(`process ${process.pid} on elsewhere`);
  });

  // The process of another container may have any id here, or none.
  it.each([process.pid, 999_999_999])(
    'is judged by its silence where process %i is not ours',
    async (pid) => {
      const text = JSON.stringify(owner({ pid, processes: 'another table' }));
      expect((await faultOf(take(planted(text, 60)))).remedy).toMatch(
        /; if it stopped responding, try again after 2 minutes$/,
      );
      expect(await take(planted(text, 180))).toBe('taken');
    },
  );

  it.each(['', '{"pid":', '{"pid":1}', '[]', 'x'.repeat(100_000)])(
    'is judged by its silence where it is damaged (%#)',
    async (text) => {
      expect((await faultOf(take(planted(text, 60)))).what).toBe(
        'is being trained by another process (its train.lock does not say which)',
      );
      expect(await take(planted(text, 180))).toBe('taken');
    },
  );

  it('is a link once it is old, and what it leads to is left alone', async () => {
    const outside = join(freshFolder(), 'outside');
    writeFileSync(outside, 'theirs');
    const folder = freshFolder();
    symlinkSync(outside, join(folder, 'train.lock'));
    expect((await faultOf(take(folder))).what).toContain('does not say which');
    expect(readFileSync(outside, 'utf8')).toBe('theirs');
  });

  it('is taken over by one of many', async () => {
    for (let time = 0; time < 20; time++) {
      const folder = planted(JSON.stringify(owner({ pid: 999_999_999 })));
      let open = () => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      let refused = 0;
      const takers = Array.from({ length: 6 }, () =>
        whileLocked(folder, 'train', () => gate).then(
          () => 'held',
          () => {
            if (++refused === 5) open();
            return 'refused';
          },
        ),
      );
      expect((await Promise.all(takers)).filter((outcome) => outcome === 'held')).toHaveLength(1);
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('is taken over although somebody was killed while taking it over', async () => {
    const gone = JSON.stringify(owner({ pid: 999_999_999 }));
    const folder = planted(gone);
    writeFileSync(join(folder, 'train.lock.taking'), gone);
    expect(await take(folder)).toBe('taken');
    expect(readdirSync(folder)).toEqual([]);
  });
});
