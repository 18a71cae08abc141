import type { Evaluated, Objective } from './lbfgs.ts';

interface Waiting {
  readonly point: Float64Array;
  readonly resolve: (value: Evaluated) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Evaluates several objectives together: a round runs once every minimiser that still works has asked. Fits of the same
 * columns then read them once a round instead of once each, which is what a fit spends its time on.
 */
export class Lockstep {
  private readonly active = new Set<number>();
  private readonly waiting = new Map<number, Waiting>();

  /** `round` gets the points that are asked about, by number, and answers each. */
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

  /** Minimiser k asks no more, whether it succeeded or not. */
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
