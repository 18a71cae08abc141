import type { Evaluated, Objective } from './lbfgs.ts';

interface Waiting {
  readonly point: Float64Array;
  readonly resolve: (value: Evaluated) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Evaluates several objectives together: a round runs when every active minimiser has made a request. Fits of the same
 * columns then read them once per round instead of once each, and reading them takes most of the time of a fit.
 */
export class Lockstep {
  private readonly active = new Set<number>();
  private readonly waiting = new Map<number, Waiting>();

  /** `round` gets the requested points, by index, and answers each. */
  constructor(
    count: number,
    private readonly round: (
      points: ReadonlyMap<number, Float64Array>,
    ) => Promise<ReadonlyMap<number, Evaluated>>,
  ) {
    for (let k = 0; k < count; k++) this.active.add(k);
  }

  objective(k: number): Objective {
    return (point) =>
      new Promise((resolve, reject) => {
        this.waiting.set(k, { point, resolve, reject });
        this.runWhenComplete();
      });
  }

  /** Minimiser k makes no more requests, whether it succeeded or not. */
  finish(k: number): void {
    this.active.delete(k);
    this.runWhenComplete();
  }

  private runWhenComplete(): void {
    if (this.waiting.size === 0 || this.waiting.size < this.active.size) return;
    const asked = new Map(this.waiting);
    this.waiting.clear();
    const points = new Map([...asked].map(([k, { point }]) => [k, point]));
    this.round(points).then(
      (answers) => {
        for (const [k, { resolve }] of asked) resolve(answers.get(k)!);
      },
      (reason) => {
        for (const { reject } of asked.values()) reject(reason);
      },
    );
  }
}
