/** Work in many small steps, between which other work can run. */
export type Steps<T> = Generator<undefined, T, undefined>;

/**
 * Steps between two turns of the event loop: some 10 ms of processing names. A count, so that it is the same
 * everywhere.
 */
const STEPS = 500;

const othersTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The result of the steps. Signals, requests and timers of the process are handled after every 500 steps, because
 * a file may list hundreds of thousands of tensors.
 */
export const unhurried = async <T>(steps: Steps<T>): Promise<T> => {
  for (let taken = 1; ; taken++) {
    const step = steps.next();
    if (step.done) return step.value;
    if (taken % STEPS === 0) await othersTurn();
  }
};
