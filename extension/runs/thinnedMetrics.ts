import type { Metric } from '../../src/protocol/messages.ts';

/** A curve has fewer pixels. */
const MOST = 10_000;

/** An even selection of at most `most` metrics, and the last: what a curve needs, in bounded memory. */
export class ThinnedMetrics {
  private kept: Metric[] = [];
  private last: Metric | null = null;
  private every = 1;
  private count = 0;

  constructor(private readonly most = MOST) {}

  add(metric: Metric): void {
    this.last = metric;
    if (this.count++ % this.every !== 0) return;
    this.kept.push(metric);
    if (this.kept.length < this.most) return;
    this.kept = this.kept.filter((_, index) => index % 2 === 0);
    this.every *= 2;
  }

  get all(): readonly Metric[] {
    return this.last === null || this.kept.at(-1) === this.last ? this.kept : [...this.kept, this.last];
  }
}
