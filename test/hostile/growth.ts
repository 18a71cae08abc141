/** Work on an input of a given size, which `make` creates before the clock starts. */
export interface Work<T> {
  readonly make: (size: number) => T;
  readonly run: (input: T) => unknown;
}

/** Shorter times are noise, in microseconds. */
const LEAST = 3000;
const TRIES = 3;

/** The least processor time of several runs, in microseconds: other processes do not count. */
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

/** Linear work grows 2 times, quadratic 4 times; values in between are noise, and the measurement is repeated. */
const DOUBTFUL = 2.8;

/**
 * How many times the work grows when the input doubles, measured with four times the size: 2 if it is linear, 4 if it
 * is quadratic. The least of several measurements if the first is in doubt, because a busy machine only ever adds to
 * the work.
 */
export const growthOf = async <T>(work: Work<T>, size: number): Promise<number> => {
  let least = await onceMeasured(work, size);
  for (let again = 0; again < 3 && least > DOUBTFUL; again++) {
    least = Math.min(least, await onceMeasured(work, size));
  }
  return least;
};
