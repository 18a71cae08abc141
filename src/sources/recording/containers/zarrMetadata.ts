import * as zarrita from 'zarrita';
import * as z from 'zod';

/** More elements than a number counts exactly are in no file. */
const MOST_ELEMENTS = Number.MAX_SAFE_INTEGER;

const extent = z.int().nonnegative();
const separator = z.enum(['.', '/']).optional();

const codecV2 = z.object({ id: z.string() });
const codecV3 = z.object({ name: z.string(), configuration: z.record(z.string(), z.unknown()).optional() });
type CodecV3 = z.output<typeof codecV3>;

/** https://zarr-specs.readthedocs.io, versions 2 and 3: the fields that a reader trusts. */
const arrayV2 = z.object({
  zarr_format: z.literal(2),
  shape: z.array(extent),
  chunks: z.array(extent.positive()),
  dtype: z.string({ error: 'is a type with several parts, or none' }),
  compressor: codecV2.nullable(),
  filters: z.array(codecV2).nullish(),
  order: z.enum(['C', 'F']),
  dimension_separator: separator,
  fill_value: z.unknown(),
});
const arrayV3 = z.object({
  zarr_format: z.literal(3),
  node_type: z.literal('array'),
  shape: z.array(extent),
  data_type: z.string({ error: 'is a type of an extension, or none' }),
  chunk_grid: z.object({
    name: z.literal('regular'),
    configuration: z.object({ chunk_shape: z.array(extent.positive()) }),
  }),
  chunk_key_encoding: z.object({
    name: z.enum(['default', 'v2']),
    configuration: z.object({ separator }).optional(),
  }),
  codecs: z.array(codecV3).min(1),
  fill_value: z.unknown(),
});

/** The metadata of an array, as `zarrita` is given it. */
export interface ZarrMetadata {
  readonly bytes: Uint8Array;
  /** float16 is read as its bits: the version of JavaScript here may not have it. */
  readonly isHalf: boolean;
  /** Whether a chunk in the file is what Blosc wrote. */
  readonly isBlosc: boolean;
}

/**
 * Checks what `zarrita` takes from the metadata of an array without a look, and asks for the bits of float16.
 * @throws Error that says what is wrong.
 */
export const checkedMetadata = (bytes: Uint8Array): ZarrMetadata => {
  const written: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const version = (written as { zarr_format?: unknown } | null)?.zarr_format;
  const parsed = version === 3 ? arrayV3.safeParse(written) : arrayV2.safeParse(written);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new Error(`${path.join('.')}: ${message}`);
  }
  const array = parsed.data;
  const chunks = array.zarr_format === 2 ? array.chunks : array.chunk_grid.configuration.chunk_shape;
  if (chunks.length !== array.shape.length) {
    throw new Error(`has chunks of ${chunks.length} axes for ${array.shape.length}`);
  }
  if (array.shape.reduce((product, own) => product * own, 1) > MOST_ELEMENTS) throw new Error('is too large');
  const codecs = codecsOf(array);
  const unknown = codecs.find((name) => !zarrita.registry.has(name) && !BESIDE.has(name));
  if (unknown !== undefined) throw new Error(`has the codec "${unknown}", which is not read here`);
  const isBlosc = outermostOf(array) === 'blosc';
  const field = array.zarr_format === 2 ? 'dtype' : 'data_type';
  const type = (array as Record<string, unknown>)[field] as string;
  if (!/^(?:[<>|]f2|float16)$/.test(type)) return { bytes, isHalf: false, isBlosc };
  const computing = codecs.find((name) => COMPUTING.test(name));
  if (computing !== undefined) throw new Error(`has float16 with the codec "${computing}"`);
  const asBits = {
    ...(written as object),
    [field]: type.replace('float', 'uint').replace('f2', 'u2'),
    fill_value: bitsOfFill(array.fill_value),
  };
  return { bytes: new TextEncoder().encode(JSON.stringify(asBits)), isHalf: true, isBlosc };
};

/** A codec with others in it. */
const SHARDING = 'sharding_indexed';

/** Codecs that the library reads and does not list. */
const BESIDE: ReadonlySet<string> = new Set([SHARDING, 'numcodecs.fixedscaleoffset']);

/** Codecs of the numbers, which are others as bits. */
const COMPUTING = /(?:delta|scale_?offset|cast_value)$/;

const codecsOf = (array: z.output<typeof arrayV2> | z.output<typeof arrayV3>): string[] => {
  if (array.zarr_format === 3) return namesOf(array.codecs);
  const { compressor, filters } = array;
  return [...(filters ?? []), ...(compressor === null ? [] : [compressor])].map(
    ({ id }) => `numcodecs.${id}`,
  );
};

const namesOf = (codecs: readonly CodecV3[]): string[] =>
  codecs.flatMap((codec) => {
    if (codec.name !== SHARDING) return [codec.name];
    const inner = insideOf(codec);
    return [codec.name, ...namesOf([...inner.codecs, ...inner.index_codecs])];
  });

const shards = z.object({ codecs: z.array(codecV3).min(1), index_codecs: z.array(codecV3) });

const insideOf = ({ configuration }: CodecV3): z.output<typeof shards> => {
  const inner = shards.safeParse(configuration);
  if (!inner.success) throw new Error('has shards without codecs');
  return inner.data;
};

/** The codec whose output is in the file; in a shard, that of a chunk. */
const outermostOf = (array: z.output<typeof arrayV2> | z.output<typeof arrayV3>): string | undefined => {
  if (array.zarr_format === 2) return array.compressor?.id;
  const last = array.codecs.at(-1);
  return last?.name === SHARDING ? insideOf(last).codecs.at(-1)?.name : last?.name;
};

/** Of chunks that were not written: 0 or NaN. */
const bitsOfFill = (fill: unknown): number => {
  if (fill === 'NaN') return 0x7e00;
  if (fill === 0 || fill === null || fill === undefined) return 0;
  throw new Error('has float16 with a fill value other than 0 and NaN');
};

const BLOSC_HEADER = 16;

/**
 * Checks the length that Blosc says of a chunk (its header: 4 bytes of versions and flags, then 32-bit numbers: bytes of the values,
 * of a block, of the chunk). Its decoder does not, and reads what is behind a chunk that was cut off.
 * @throws Error for a chunk of another length.
 */
export const checkBlosc = (chunk: Uint8Array): void => {
  const said =
    chunk.length < BLOSC_HEADER
      ? BLOSC_HEADER
      : new DataView(chunk.buffer, chunk.byteOffset).getUint32(12, true);
  if (said !== chunk.length) throw new Error(`a chunk has ${chunk.length} bytes in place of ${said}`);
};

/** The library takes a chunk with any number of values. */
export const checkedChunks = zarrita.defineArrayExtension((array) => ({
  getChunk: async (...asked: Parameters<typeof array.getChunk>) => {
    const chunk = await array.getChunk(...asked);
    const { data, shape } = chunk as { readonly data: ArrayLike<unknown>; readonly shape: readonly number[] };
    const expected = shape.reduce((product, extent) => product * extent, 1);
    if (data.length !== expected)
      throw new Error(`a chunk has ${data.length} values in place of ${expected}`);
    return chunk;
  },
}));
