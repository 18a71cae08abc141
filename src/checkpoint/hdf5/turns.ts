/** Something that has its own thread, and can end it. */
export interface Threaded {
  stop(): Promise<void>;
}

let last: Promise<unknown> = Promise.resolve();
/** Those that have a thread, the least recently used first. */
const threaded: Threaded[] = [];

/** Forgets an owner, which has ended its thread or is about to. */
export const forget = (owner: Threaded): void => {
  const at = threaded.indexOf(owner);
  if (at >= 0) threaded.splice(at, 1);
};

/**
 * Runs `work`, for which `owner` may start a thread, after all earlier requests. The HDF5 library takes some 60 MB per
 * thread, and a set of shards has many files: at most `others` threads of other owners are kept.
 */
export const inTurn = <T>(owner: Threaded, others: number, work: () => Promise<T>): Promise<T> => {
  const answer = last.then(async () => {
    forget(owner);
    while (threaded.length > others) await threaded[0].stop();
    threaded.push(owner);
    return work();
  });
  last = answer.catch(() => {});
  return answer;
};
