import type { Matrix } from '../matrix.ts';

/** Facts about the entries of one or more matrices of one size, from sums over rows and columns. */
export interface EntryNorms {
  /** Rows and columns of all matrices together, and how many of them are all zero. */
  readonly rows: number;
  readonly columns: number;
  readonly zeroRows: number;
  readonly zeroColumns: number;
  /** Largest Euclidean norm of a row, and of a column. */
  readonly largestRow: number;
  readonly largestColumn: number;
  /** Fingerprint of the values in order: equal values have equal ones, others differ except in one case in 2^64. */
  readonly fingerprint: string;
}

/** Two lanes of a multiply-and-shift hash over the 32-bit words of the values. */
class Fingerprint {
  private a = 0x9e3779b9;
  private b = 0x85ebca6b;

  add(values: Float32Array | Float64Array): void {
    const words = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
    let { a, b } = this;
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i], 0x01000193);
      a ^= a >>> 15;
      b = Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(words[i], 0xcc9e2d51);
      b ^= b >>> 16;
    }
    this.a = a;
    this.b = b;
  }

  text(): string {
    return [this.a, this.b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** The fingerprint of plain values. */
export const fingerprintOf = (values: Float32Array | Float64Array): string => {
  const fingerprint = new Fingerprint();
  fingerprint.add(values);
  return fingerprint.text();
};

/**
 * Gathers `EntryNorms` of matrices with this many columns from blocks of whole rows, in order, so a matrix need not be
 * in memory as a whole. `endMatrix` closes each matrix. The squares of entries beyond 1e154 overflow: the norm is then
 * bounded by sqrt(length) times the largest entry of the block.
 */
export class EntryNormsGatherer {
  private rows = 0;
  private matrices = 0;
  private zeroRows = 0;
  private zeroColumns = 0;
  private largestRow = 0;
  private largestColumn = 0;
  private rowsOfMatrix = 0;
  private largest = 0;
  private readonly squares: Float64Array;
  private readonly used: Uint8Array;
  private readonly fingerprint = new Fingerprint();

  constructor(private readonly columns: number) {
    this.squares = new Float64Array(columns);
    this.used = new Uint8Array(columns);
  }

  /** Adds whole rows, row-major. */
  add(block: Float32Array | Float64Array): void {
    this.fingerprint.add(block);
    const { columns, squares, used } = this;
    if (columns === 0) return;
    for (let from = 0; from < block.length; from += columns) {
      let sum = 0;
      let isUsed = false;
      for (let j = 0; j < columns; j++) {
        const value = block[from + j];
        // NaN is not zero.
        if (value === 0) continue;
        isUsed = true;
        used[j] = 1;
        const square = value * value;
        sum += square;
        squares[j] += square;
        if (Math.abs(value) > this.largest) this.largest = Math.abs(value);
      }
      this.rows++;
      this.rowsOfMatrix++;
      if (!isUsed) this.zeroRows++;
      this.largestRow = Math.max(this.largestRow, this.normOf(sum, columns));
    }
  }

  endMatrix(): void {
    this.matrices++;
    for (let j = 0; j < this.columns; j++) {
      if (this.used[j] === 0) this.zeroColumns++;
      this.largestColumn = Math.max(this.largestColumn, this.normOf(this.squares[j], this.rowsOfMatrix));
    }
    this.squares.fill(0);
    this.used.fill(0);
    this.rowsOfMatrix = 0;
  }

  result(): EntryNorms {
    const { rows, zeroRows, zeroColumns, largestRow, largestColumn, columns, matrices } = this;
    const fingerprint = this.fingerprint.text();
    return {
      rows,
      columns: columns * matrices,
      zeroRows,
      zeroColumns,
      largestRow,
      largestColumn,
      fingerprint,
    };
  }

  private normOf(sum: number, length: number): number {
    return sum < Number.POSITIVE_INFINITY ? Math.sqrt(sum) : Math.sqrt(length) * this.largest;
  }
}

/** `EntryNorms` of matrices of one size in memory. */
export const entryNorms = (matrices: readonly Matrix[]): EntryNorms => {
  const gatherer = new EntryNormsGatherer(matrices[0]?.columns ?? 0);
  for (const { data } of matrices) {
    gatherer.add(data);
    gatherer.endMatrix();
  }
  return gatherer.result();
};
