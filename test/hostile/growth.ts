/** Work on an input of a size that `make` gives; the input itself is made before the clock runs. */
export interface Work<T> {
  readonly make: (size: number) => T;
  readonly run: (input: T) => unknown;
}

/** Shorter times are noise, in microseconds. */
const LEAST = 3000;
const TRIES = 3;

/** The least processor time of several runs, in microseconds: what other processes do meanwhile does not count. */
const timeOf = async <T>({ make, run }: Work<T>, size: number): Promise<number> => {
  const input = make(size);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const before = process.cpuUsage();
    await run(input);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return Math.max(LEAST, least);
};

/**
 * How many times the work grows when the input doubles, from one of four times the size: 2 where it is linear, 4 where it
 * is quadratic.
 */
export const growthOf = async <T>(work: Work<T>, size: number): Promise<number> => {
  await timeOf(work, size / 4);
  const small = await timeOf(work, size);
  return Math.sqrt((await timeOf(work, 4 * size)) / small);
};
