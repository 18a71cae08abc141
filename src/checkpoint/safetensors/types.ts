import type { ElementType } from '../tensor.ts';

interface SafetensorsType {
  readonly bits: number;
  /** What its values are read as. */
  readonly element?: ElementType;
  /** Why they are not read. */
  readonly unreadable?: string;
}

/** The format specifies the number of bits, but not their order. */
const UNDOCUMENTED = 'holds 6-bit floats, whose packing the format does not say';

/** Every dtype of the format, in its own order: by alignment, which is also what its writer sorts by (descending). */
export const SAFETENSORS_TYPES: Readonly<Record<string, SafetensorsType>> = Object.assign(
  Object.create(null),
  {
    BOOL: { bits: 8, element: 'bool' },
    F4: { bits: 4, element: 'float4_e2m1' },
    F6_E2M3: { bits: 6, unreadable: UNDOCUMENTED },
    F6_E3M2: { bits: 6, unreadable: UNDOCUMENTED },
    U8: { bits: 8, element: 'uint8' },
    I8: { bits: 8, element: 'int8' },
    F8_E5M2: { bits: 8, element: 'float8_e5m2' },
    F8_E4M3: { bits: 8, element: 'float8_e4m3fn' },
    F8_E8M0: { bits: 8, element: 'float8_e8m0fnu' },
    F8_E4M3FNUZ: { bits: 8, element: 'float8_e4m3fnuz' },
    F8_E5M2FNUZ: { bits: 8, element: 'float8_e5m2fnuz' },
    I16: { bits: 16, element: 'int16' },
    U16: { bits: 16, element: 'uint16' },
    F16: { bits: 16, element: 'float16' },
    BF16: { bits: 16, element: 'bfloat16' },
    I32: { bits: 32, element: 'int32' },
    U32: { bits: 32, element: 'uint32' },
    F32: { bits: 32, element: 'float32' },
    C64: { bits: 64, unreadable: 'holds complex numbers, which are not read here' },
    F64: { bits: 64, element: 'float64' },
    I64: { bits: 64, element: 'int64' },
    U64: { bits: 64, element: 'uint64' },
  } satisfies Record<string, SafetensorsType>,
);
