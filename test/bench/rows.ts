import { appendFileSync } from 'node:fs';

/** A measured line of the table in docs/performance.md. */
export interface BenchRow {
  readonly work: string;
  readonly ours: string;
  /** Whose time is compared, with its version; null if it is not on this machine. */
  readonly peer: { readonly name: string; readonly measured: string } | null;
  /** How many times faster ours is: the median over rounds, and the extremes. */
  readonly ratio?: { readonly median: number; readonly lowest: number; readonly highest: number };
  readonly goal?: number;
  /** How closely the results of both sides agree. */
  readonly agreement?: string;
}

/** Adds a row to the file that `npm run bench` without a name makes its table of; nothing if one benchmark runs alone. */
export function report(row: BenchRow): void {
  const file = process.env.PENTIMENTO_BENCH_ROWS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
