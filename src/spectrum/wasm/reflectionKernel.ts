import { moduleOf } from './assembler.ts';
import { TOGETHER } from './kernelLoops.ts';
import { reflect } from './reflectCode.ts';
import { sweep } from './sweepCode.ts';

/** `count` rounded up to a number of columns that the kernels accept; added columns must be zero. */
export const paddedCount = (count: number): number => Math.ceil(count / TOGETHER) * TOGETHER;

/** Where to begin for the columns from `column` on; those before it must be zero. */
export const columnsFrom = (column: number): number => column - (column % TOGETHER);

/**
 * The inner loops of the Householder reductions, two float64 at a time. All addresses are in bytes. Columns
 * are `stride` apart, `length` bytes long (a multiple of 16) from the first given address, and end at the
 * address `end`; `TOGETHER` are processed at a time.
 */
export interface ReflectionKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /**
   * One step of the bidiagonalisation in one pass over the matrix. For every column a_j: a_j -= u y_j + x
   * v_j, the reflections of the last step; newY_j = factor newU . a_j; newV_j = a_j[head] - newY_j first, the
   * row that the next reflection from the right clears; newX += newV_j a_j.
   */
  sweep(
    ...addresses: [
      a: number,
      end: number,
      stride: number,
      length: number,
      u: number,
      x: number,
      y: number,
      v: number,
      newU: number,
      newX: number,
      newY: number,
      newV: number,
      head: number,
      factor: number,
      first: number,
    ]
  ): void;
  /** Applies I - factor [first; v] [first; v]^T to every column [top_j; a_j]. */
  reflect(
    ...addresses: [
      a: number,
      end: number,
      stride: number,
      length: number,
      v: number,
      top: number,
      factor: number,
      first: number,
    ]
  ): void;
}

/** The part used of the standard interface, which TypeScript declares only for browsers. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };

let compiled: object | undefined;
let spare: ReflectionKernel | undefined;

const PAGE = 65_536;
/** Memory up to this size is kept for the next matrix. */
const KEPT_BYTES = 2 ** 26;

/** Calls `work` with a kernel whose memory is `entries` zeros. A range error beyond 4 GiB. */
export function withKernel<T>(entries: number, work: (kernel: ReflectionKernel, data: Float64Array) => T): T {
  compiled ??= new WebAssembly.Module(moduleOf({ sweep, reflect }));
  const kernel = spare ?? (new WebAssembly.Instance(compiled).exports as ReflectionKernel);
  spare = undefined;
  const missing = 8 * entries - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE));
  const data = new Float64Array(kernel.memory.buffer, 0, entries).fill(0);
  try {
    return work(kernel, data);
  } finally {
    if (kernel.memory.buffer.byteLength <= KEPT_BYTES) spare = kernel;
  }
}
