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

const onceMeasured = async <T>(work: Work<T>, size: number): Promise<number> => {
  await timeOf(work, size / 4);
  const small = await timeOf(work, size);
  return Math.sqrt((await timeOf(work, 4 * size)) / small);
};

/** What is linear grows 2 times, what is quadratic 4 times; between them is noise, which another measurement has not. */
const DOUBTFUL = 2.8;

/**
 * How many times the work grows when the input doubles, from one of four times the size: 2 where it is linear, 4 where it
 * is quadratic. The least of several measurements where the first is in doubt: a machine that is busy with other things
 * only ever adds to the work.
 */
export const growthOf = async <T>(work: Work<T>, size: number): Promise<number> => {
  let least = await onceMeasured(work, size);
  for (let again = 0; again < 3 && least > DOUBTFUL; again++) {
    least = Math.min(least, await onceMeasured(work, size));
  }
  return least;
};
