import type { BenchRow } from '../test/bench/rows.ts';

export function tableOf(rows: readonly BenchRow[], date: string): string;
export function withTable(document: string, table: string): string;
