import type { ElementType } from '../tensor.ts';
import * as blocks from './ggmlBlocks.ts';

/** How ggml stores numbers: in blocks of `count` numbers that take `bytes` bytes. */
export interface GgmlType {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
  /** What unquantised numbers are read as. */
  readonly element?: ElementType;
  /** How a quantised block is read; with neither, the tensor is listed but not read. */
  readonly expand?: blocks.ExpandBlock;
}

const plain = (name: string, bytes: number, element: ElementType): GgmlType => ({
  name,
  count: 1,
  bytes,
  element,
});

const block = (name: string, count: number, bytes: number, expand?: blocks.ExpandBlock): GgmlType => ({
  name,
  count,
  bytes,
  expand,
});

/** By the number in the file: `ggml_type` of ggml.h, sizes of ggml-common.h. Numbers left out were withdrawn. */
export const GGML_TYPES: ReadonlyMap<number, GgmlType> = new Map([
  [0, plain('F32', 4, 'float32')],
  [1, plain('F16', 2, 'float16')],
  [2, block('Q4_0', 32, 18, blocks.expandQ4_0)],
  [3, block('Q4_1', 32, 20, blocks.expandQ4_1)],
  [6, block('Q5_0', 32, 22, blocks.expandQ5_0)],
  [7, block('Q5_1', 32, 24, blocks.expandQ5_1)],
  [8, block('Q8_0', 32, 34, blocks.expandQ8_0)],
  [9, block('Q8_1', 32, 40)],
  [10, block('Q2_K', 256, 84, blocks.expandQ2_K)],
  [11, block('Q3_K', 256, 110, blocks.expandQ3_K)],
  [12, block('Q4_K', 256, 144, blocks.expandQ4_K)],
  [13, block('Q5_K', 256, 176, blocks.expandQ5_K)],
  [14, block('Q6_K', 256, 210, blocks.expandQ6_K)],
  [15, block('Q8_K', 256, 292, blocks.expandQ8_K)],
  [16, block('IQ2_XXS', 256, 66)],
  [17, block('IQ2_XS', 256, 74)],
  [18, block('IQ3_XXS', 256, 98)],
  [19, block('IQ1_S', 256, 50)],
  [20, block('IQ4_NL', 32, 18)],
  [21, block('IQ3_S', 256, 110)],
  [22, block('IQ2_S', 256, 82)],
  [23, block('IQ4_XS', 256, 136)],
  [24, plain('I8', 1, 'int8')],
  [25, plain('I16', 2, 'int16')],
  [26, plain('I32', 4, 'int32')],
  [27, plain('I64', 8, 'int64')],
  [28, plain('F64', 8, 'float64')],
  [29, block('IQ1_M', 256, 56)],
  [30, plain('BF16', 2, 'bfloat16')],
  [34, block('TQ1_0', 256, 54)],
  [35, block('TQ2_0', 256, 66)],
  [39, block('MXFP4', 32, 17)],
  [40, block('NVFP4', 64, 36)],
  [41, block('Q1_0', 128, 18)],
]);
