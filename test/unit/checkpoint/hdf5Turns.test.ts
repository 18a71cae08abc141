import { describe, expect, it } from 'vitest';
import { forget, inTurn, type Threaded } from '../../../src/checkpoint/hdf5/turns.ts';

/** Represents a file: records when its thread is ended. */
const owner = (name: string, log: string[]): Threaded => {
  const self: Threaded = {
    stop: async () => {
      forget(self);
      log.push(`${name} stops`);
    },
  };
  return self;
};

describe('inTurn', () => {
  it('does one thing after the other, also after one that fails', async () => {
    const log: string[] = [];
    const [a, b] = [owner('a', log), owner('b', log)];
    let goOn = (): void => {};
    const opened = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = inTurn(a, 1, async () => {
      await opened;
      log.push('a works');
      throw new Error('fails');
    });
    const next = inTurn(b, 1, async () => log.push('b works'));
    // Without a turn, b would work before the event loop turns.
    setImmediate(goOn);
    await expect(slow).rejects.toThrow('fails');
    await next;
    expect(log).toEqual(['a works', 'b works']);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('ends the threads of others, the one not used for longest first', async () => {
    const log: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => owner(name, log));
    const work = async () => {};
    await inTurn(a, 1, work);
    await inTurn(b, 1, work);
    await inTurn(a, 1, work);
    expect(log).toEqual([]);
    await inTurn(c, 1, work);
    expect(log).toEqual(['b stops']);
    await inTurn(c, 0, work);
    expect(log).toEqual(['b stops', 'a stops']);
    await c.stop();
  });
});
