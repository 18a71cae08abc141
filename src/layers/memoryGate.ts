import { memoryBudget } from './memoryBudget.ts';

/** Admits work as long as its total memory fits into a share of the memory. */
export class MemoryGate {
  private taken = 0;
  private readonly waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(readonly limit = memoryBudget()) {}

  /**
   * Runs `work` once there is room for `bytes`, in the order of requests; throws the fault of `refuse` if there never
   * will be. An abort before that ends the wait.
   */
  async run<T>(
    bytes: number,
    signal: AbortSignal | undefined,
    refuse: (limit: number) => Error,
    work: () => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    if (bytes > this.limit) throw refuse(this.limit);
    await this.enter(bytes, signal);
    try {
      return await work();
    } finally {
      this.taken -= bytes;
      this.letIn();
    }
  }

  private enter(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const place = {
        bytes,
        enter: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(place), 1);
        reject(signal?.reason);
        this.letIn();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(place);
      this.letIn();
    });
  }

  private letIn(): void {
    while (this.waiting.length > 0) {
      const [next] = this.waiting;
      if (this.taken + next.bytes > this.limit) return;
      this.waiting.shift();
      this.taken += next.bytes;
      next.enter();
    }
  }
}
