import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Checkpoint } from '../../../checkpoint/index.ts';
import { readBounded, readFault } from '../../../disk/index.ts';
import { inputFault } from '../../../protocol/index.ts';

/** Key of the metadata with the names of the layers, as JSON. */
export const LAYER_NAMES_KEY = 'layers';

const metadataSchema = z.object({
  layers: z.array(z.int()).min(1),
  d_model: z.int().positive(),
  cls_token: z.boolean(),
  dtype: z.literal('float32').optional(),
  // Version 2.0 calls them patches, version 2.1 tokens.
  patches_per_ex: z.int().positive().optional(),
  content_tokens_per_example: z.int().positive().optional(),
});
const shardsSchema = z.array(
  z.object({
    name: z.string().regex(/^[\w.-]+$/),
    n_ex: z.int().positive().optional(),
    n_examples: z.int().positive().optional(),
  }),
);

export const isSaev = async (folder: string): Promise<boolean> => {
  const names = await readdir(folder).catch(() => [] as string[]);
  return (
    ['metadata.json', 'shards.json'].every((name) => names.includes(name)) &&
    names.some((name) => /^acts\d+\.bin$/.test(name))
  );
};

/**
 * The shards of saev (protocol 2): float32 [samples, layers, tokens, dimensions], split along the samples. The field `data` of the
 * metadata is a pickle in some versions, and is not read.
 */
export const openSaev = async (folder: string): Promise<Checkpoint> => {
  const {
    layers,
    d_model: width,
    cls_token: hasClass,
    ...counts
  } = await document(folder, 'metadata.json', metadataSchema);
  const content = counts.content_tokens_per_example ?? counts.patches_per_ex;
  const refuse = (what: string, where: string) =>
    inputFault(what, where, 'Record the activations again with saev');
  if (content === undefined) throw refuse('says no number of tokens', join(folder, 'metadata.json'));
  const tokens = content + Number(hasClass);
  const perSample = layers.length * tokens * width;
  const shards = await document(folder, 'shards.json', shardsSchema);
  const files: FileHandle[] = [];
  const ends: number[] = [];
  const close = async (): Promise<void> => {
    for (const file of files) await file.close();
  };
  try {
    for (const { name, n_ex: older, n_examples: count = older } of shards) {
      const path = join(folder, name);
      const file = await open(path).catch((error: unknown) => {
        throw readFault(path, error);
      });
      files.push(file);
      const { size } = await file.stat();
      if (count === undefined || size < 4 * count * perSample) {
        throw refuse(`has ${size} bytes in place of ${count ?? '?'} samples of ${4 * perSample}`, path);
      }
      ends.push((ends.at(-1) ?? 0) + count * perSample);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const total = ends.at(-1) ?? 0;
  const shape = [total / perSample, layers.length, tokens, width];
  const values = async (begin: number, end: number): Promise<Float32Array> => {
    const data = new Float32Array(end - begin);
    for (const [at, file] of files.entries()) {
      const start = at === 0 ? 0 : ends[at - 1];
      const [from, to] = [Math.max(begin, start), Math.min(end, ends[at])];
      if (from >= to) continue;
      const bytes = new Uint8Array(data.buffer, 4 * (from - begin), 4 * (to - from));
      await file.read(bytes, 0, bytes.length, 4 * (from - start));
    }
    return data;
  };
  return {
    path: folder,
    format: 'saev',
    metadata: new Map([[LAYER_NAMES_KEY, JSON.stringify(layers.map(String))]]),
    tensors: new Map([['activations', { name: 'activations', dtype: 'float32', shape, bytes: 4 * total }]]),
    read: async () => ({ dtype: 'float32', shape, data: await values(0, total) }),
    ranges: () => values,
    close,
  };
};

const MOST_BYTES = 2 ** 24;

const document = async <T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T> => {
  const path = join(folder, name);
  const remedy = 'Record the activations again with saev';
  const text = await readBounded(path, { limit: MOST_BYTES, place: path, remedy }).catch((error: unknown) => {
    throw readFault(path, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputFault('is not valid JSON', path, remedy, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path: place, message }] = parsed.error.issues;
  throw inputFault(`${message} at ${place.join('.')}`, path, remedy);
};
