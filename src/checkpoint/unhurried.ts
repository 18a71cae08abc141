/** Work in many small steps, between which others may have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Steps between two turns of the event loop: some 10 ms of looking at names. Counted, so that it is the same everywhere. */
const STEPS = 500;

const othersTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The result of the steps. Signals, requests and timers of the process have their turn after every 500 of them: a
 * file may list hundreds of thousands of tensors.
 */
export const unhurried = async <T>(steps: Steps<T>): Promise<T> => {
  for (let taken = 1; ; taken++) {
    const step = steps.next();
    if (step.done) return step.value;
    if (taken % STEPS === 0) await othersTurn();
  }
};
