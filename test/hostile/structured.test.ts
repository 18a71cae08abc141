import { afterAll, describe, expect, it } from 'vitest';
import { watchdog } from '../corpus/watchdog.ts';
import { GENERATORS, hostileCase, isPolluted } from './generators.ts';

/**
 * Inputs that are valid in structure and hostile in their values are read or refused within the contract: a one-line
 * Fault that says where, 2 s of processor time, 300 MB. A case depends only on its generator and its number.
 *
 *     HOSTILE_CASE=pickle:123 npx vitest run test/hostile/structured.test.ts
 *
 * repeats one; `npm run fuzz -- --minutes 10` tries others.
 */
const AT_LEAST = 20_000;
/** A case that blocks the thread for this much wall time is killed. */
const MAX_SECONDS = 600;

const only = process.env.HOSTILE_CASE?.split(':');
const dog = watchdog(MAX_SECONDS);
afterAll(() => dog.end());

const planned = GENERATORS.filter(({ name }) => only === undefined || only[0] === name);

describe('structured hostile inputs', () => {
  it.each(planned)(
    '$name',
    async (generator) => {
      const problems: string[] = [];
      const seeds =
        only === undefined ? Array.from({ length: generator.cases }, (_, i) => i) : [Number(only[1])];
      let opened = 0;
      for (const seed of seeds) {
        dog.begin(`${generator.name}:${seed}`);
        const trial = await hostileCase(generator, seed);
        if (trial.opened) opened++;
        if (trial.problem !== null) problems.push(`HOSTILE_CASE=${generator.name}:${seed} ${trial.problem}`);
      }
      expect(problems.length, problems.slice(0, 20).join('\n\n')).toBe(0);
      expect(isPolluted()).toBe(false);
      // Inputs that are all refused at the first byte would test nothing.
      if (only === undefined) expect(opened).toBeGreaterThan(seeds.length / 50);
    },
    3_600_000,
  );

  it.each(planned.filter(({ name }) => name !== 'hdf5'))('$name is sound without them', async (generator) => {
    const trials = [];
    for (let seed = 0; seed < 40; seed++) trials.push(await hostileCase(generator, seed, 1e9));
    expect(trials.filter(({ opened }) => opened).length).toBeGreaterThanOrEqual(30);
  });

  it(`are ${AT_LEAST} at least`, () => {
    expect(GENERATORS.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThanOrEqual(AT_LEAST);
  });
});
