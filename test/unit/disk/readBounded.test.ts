import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readBounded, readEnd, readPieces } from '../../../src/disk/index.ts';
import type { Fault } from '../../../src/protocol/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'pentimento-bounded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MEGABYTE = 1024 ** 2;
const bound = { limit: 4 * MEGABYTE, place: 'the document', remedy: 'Remove it' };
const fileOf = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const faultOf = (work: Promise<unknown>): Promise<Fault> =>
  work.then(
    () => {
      throw new Error('did not fail');
    },
    (error: Fault) => error,
  );

describe('a file that is read up to a limit', () => {
  it('is read whole, however its characters fall on the pieces', async () => {
    const text = `a${'é€😀'.repeat(300_000)}`;
    expect(await readBounded(fileOf('text', text), { ...bound, limit: 8 * MEGABYTE })).toBe(text);
    expect(await readBounded(fileOf('empty', ''), bound)).toBe('');
    const exactly = fileOf('exactly', Buffer.alloc(bound.limit, 'x'));
    expect(await readBounded(exactly, bound)).toHaveLength(bound.limit);
  });

  it('is refused with its size when it is larger, before anything is read of it', async () => {
    const path = fileOf('large', '');
    truncateSync(path, 472 * MEGABYTE);
    const { message, kind } = await faultOf(readBounded(path, bound));
    expect(message).toBe('the document: is 472 MB large; Pentimento reads up to 4 MB. Remove it.');
    expect(kind).toBe('input');
    let read = 0;
    await faultOf(
      readPieces(path, bound, (piece) => {
        read += piece.length;
      }),
    );
    expect(read).toBe(0);
  });

  it('is refused when it grows past the limit while it is read', async () => {
    const path = fileOf('growing', Buffer.alloc(2 * MEGABYTE));
    const fault = await faultOf(
      readPieces(path, { ...bound, limit: 3 * MEGABYTE }, () => appendFileSync(path, Buffer.alloc(MEGABYTE))),
    );
    expect(fault.what).toMatch(/MB large/);
  });

  it.runIf(process.platform !== 'win32')('is refused when it is a folder, a device or a pipe', async () => {
    const device = join(folder, 'device');
    symlinkSync('/dev/zero', device);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [folder, device, pipe]) {
      expect((await faultOf(readBounded(path, bound))).what).toMatch(/not a file$/);
    }
  });

  it('gives the errors of the system as they are', async () => {
    expect(await faultOf(readBounded(join(folder, 'missing'), bound))).toMatchObject({ code: 'ENOENT' });
  });

  it('gives its end alone', async () => {
    const path = fileOf('end', 'one\ntwo\nthree\n');
    expect(Buffer.from(await readEnd(path, bound, 10)).toString()).toBe('two\nthree\n');
    expect(Buffer.from(await readEnd(path, bound, 100)).toString()).toBe('one\ntwo\nthree\n');
  });
});
