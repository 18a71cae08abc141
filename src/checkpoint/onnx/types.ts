import type { ElementType } from '../tensor.ts';

/** A data type of ONNX: its name, and what its values are read as. */
export interface OnnxType {
  /** Name in `TensorProto.DataType`. */
  readonly name: string;
  /** Absent if values are listed but not read. */
  readonly element?: ElementType;
  /** Number of the field of TensorProto that holds its values if they are not in `raw_data`. */
  readonly field?: number;
}

/** Fields of TensorProto that hold values as numbers. */
export const FLOAT_DATA = 4;
export const INT32_DATA = 5;
export const INT64_DATA = 7;
export const DOUBLE_DATA = 10;
export const UINT64_DATA = 11;

/** By number, as in `TensorProto.DataType` of onnx.proto. */
const TYPES: readonly (OnnxType | undefined)[] = [
  undefined,
  { name: 'FLOAT', element: 'float32', field: FLOAT_DATA },
  { name: 'UINT8', element: 'uint8', field: INT32_DATA },
  { name: 'INT8', element: 'int8', field: INT32_DATA },
  { name: 'UINT16', element: 'uint16', field: INT32_DATA },
  { name: 'INT16', element: 'int16', field: INT32_DATA },
  { name: 'INT32', element: 'int32', field: INT32_DATA },
  { name: 'INT64', element: 'int64', field: INT64_DATA },
  { name: 'STRING' },
  { name: 'BOOL', element: 'bool', field: INT32_DATA },
  { name: 'FLOAT16', element: 'float16', field: INT32_DATA },
  { name: 'DOUBLE', element: 'float64', field: DOUBLE_DATA },
  { name: 'UINT32', element: 'uint32', field: UINT64_DATA },
  { name: 'UINT64', element: 'uint64', field: UINT64_DATA },
  { name: 'COMPLEX64' },
  { name: 'COMPLEX128' },
  { name: 'BFLOAT16', element: 'bfloat16', field: INT32_DATA },
  { name: 'FLOAT8E4M3FN', element: 'float8_e4m3fn', field: INT32_DATA },
  { name: 'FLOAT8E4M3FNUZ', element: 'float8_e4m3fnuz', field: INT32_DATA },
  { name: 'FLOAT8E5M2', element: 'float8_e5m2', field: INT32_DATA },
  { name: 'FLOAT8E5M2FNUZ', element: 'float8_e5m2fnuz', field: INT32_DATA },
  { name: 'UINT4', element: 'uint4', field: INT32_DATA },
  { name: 'INT4', element: 'int4', field: INT32_DATA },
  { name: 'FLOAT4E2M1', element: 'float4_e2m1', field: INT32_DATA },
  { name: 'FLOAT8E8M0', element: 'float8_e8m0fnu', field: INT32_DATA },
  { name: 'UINT2', element: 'uint2', field: INT32_DATA },
  { name: 'INT2', element: 'int2', field: INT32_DATA },
  { name: 'FLOAT6E2M3' },
  { name: 'FLOAT6E3M2' },
];

/** The type with this number, including numbers from later versions of ONNX. */
export const onnxType = (number: number): OnnxType => TYPES[number] ?? { name: String(number) };
