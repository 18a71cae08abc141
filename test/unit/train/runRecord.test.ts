import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBackend } from '../../../src/runtime/index.ts';
import { openRun } from '../../../src/store/index.ts';
import { commandLine, train } from '../../../src/train/index.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';
import { moments } from './moments.ts';

const scratch = scratchFolder();
const backend = await openBackend('native', { threads: 1 });

const experiment = moments(1, 2);

const trainInto = (name: string, more: { resume?: boolean; command?: string }) =>
  train({ experiment, baseDirectory: '.', folder: join(scratch, name), backend, ...more });

describe('the record of a run', () => {
  it('keeps the command that trains it again', async () => {
    await trainInto('known', { command: 'pentimento train a.json' });
    expect((await openRun(join(scratch, 'known'))).record.command).toBe('pentimento train a.json');
    await trainInto('unknown', {});
    expect((await openRun(join(scratch, 'unknown'))).record).not.toHaveProperty('command');
  });

  it('of an earlier version, which did not know every option, can be resumed', async () => {
    const path = join(scratch, 'earlier', 'run.json');
    const { state } = await trainInto('earlier', {});
    const record = JSON.parse(readFileSync(path, 'utf8'));
    for (const option of ['pooling', 'probes']) {
      expect(record.experiment).toHaveProperty(option);
      delete record.experiment[option];
    }
    writeFileSync(path, JSON.stringify(record));
    expect((await trainInto('earlier', { resume: true })).state.step).toBe(state.step);
  });
});

describe.skipIf(process.platform === 'win32')('a command line', () => {
  it('is read back by a shell, word by word', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const read = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('quotes no word that needs no quotes', () => {
    expect(commandLine(['pentimento', 'train', 'a-b/c.json', '--seed', '3'])).toBe(
      'pentimento train a-b/c.json --seed 3',
    );
    expect(commandLine(["it's here", ''])).toBe("'it'\\''s here' ''");
  });
});
