import { type FileHandle, open } from 'node:fs/promises';
import * as z from 'zod';
import type { Checkpoint, TensorEntry } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { formatCount, inputFault } from '../../../protocol/index.ts';
import { LAYER_NAMES_KEY } from './saev.ts';

/** How its files begin. */
export const NEUROX_HEAD = '{"linex_';

/** A longer line is not one sentence. */
const LONGEST_LINE = 2 ** 28;
const BLOCK = 2 ** 20;

/** A sentence in the file: the bytes of its line, and its numbers of layers, tokens and dimensions. */
interface Sentence {
  readonly name: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly shape: readonly [layers: number, tokens: number, dimensions: number];
}

/** Activations [layers, tokens, dimensions] of one sentence. */
interface Activations {
  readonly name: string;
  readonly shape: Sentence['shape'];
  readonly layers: readonly string[];
  readonly data: Float32Array;
}

/**
 * The JSON lines of NeuroX: `{"linex_index": i, "features": [{"token": t, "layers": [{"index": l, "values": [...]}]}]}`. Each sentence
 * is an array of its own; lines are read one by one.
 */
export const openNeurox = async (path: string): Promise<Checkpoint> => {
  const file = await open(path).catch((error: unknown) => {
    throw readFault(path, error);
  });
  try {
    const sentences = new Map<string, Sentence>();
    let layers: readonly string[] = [];
    for await (const { line, start, end, text } of linesOf(file, path)) {
      const found = activationsIn(text, `${path}, line ${line}`);
      if (sentences.size === 0) layers = found.layers;
      sentences.set(found.name, { name: found.name, line, start, end, shape: found.shape });
    }
    return {
      path,
      format: 'NeuroX',
      metadata: new Map([[LAYER_NAMES_KEY, JSON.stringify(layers)]]),
      tensors: new Map([...sentences].map(([name, sentence]) => [name, entryOf(sentence)])),
      read: async (name) => {
        const sentence = sentences.get(name);
        if (sentence === undefined)
          throw inputFault(`has no sentence ${name}`, path, 'Use one of its sentences');
        const bytes = Buffer.alloc(sentence.end - sentence.start);
        await file.read(bytes, 0, bytes.length, sentence.start);
        const { data } = activationsIn(bytes.toString('utf8'), `${path}, line ${sentence.line}`);
        return { dtype: 'float32', shape: sentence.shape, data };
      },
      ranges: () => null,
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
};

const entryOf = ({ name, shape }: Sentence): TensorEntry => ({
  name,
  dtype: 'float32',
  shape,
  bytes: 4 * shape.reduce((product, extent) => product * extent, 1),
});

/** Lines that are not empty, with their places. */
async function* linesOf(file: FileHandle, path: string) {
  let [start, line] = [0, 1];
  let rest = Buffer.alloc(0);
  for (;;) {
    const block = Buffer.alloc(BLOCK);
    const { bytesRead } = await file.read(block, 0, BLOCK, start + rest.length);
    rest = Buffer.concat([rest, block.subarray(0, bytesRead)]);
    if (rest.length > LONGEST_LINE) {
      throw inputFault(
        `has a line of more than ${formatCount(LONGEST_LINE)} bytes`,
        `${path}, line ${line}`,
        'Write one sentence on each line',
      );
    }
    for (let at = rest.indexOf(10); at >= 0 || (bytesRead === 0 && rest.length > 0); at = rest.indexOf(10)) {
      const length = at < 0 ? rest.length : at;
      const text = rest.toString('utf8', 0, length).trim();
      if (text !== '') yield { line, start, end: start + length, text };
      const taken = at < 0 ? length : length + 1;
      start += taken;
      line++;
      rest = rest.subarray(taken);
    }
    if (bytesRead === 0) return;
  }
}

const number = z.union([z.int(), z.string()], 'has no index');
const values = z.array(z.number('has a value that is no number'), 'has no values').min(1, 'has no values');
const layer = z.object({ index: number, values }, 'has no layer');
const token = z.object({ layers: z.array(layer, 'has no layers').min(1, 'has no layers') }, 'has no token');
const sentence = z.object(
  {
    linex_index: number,
    features: z.array(token, 'has no features').min(1, 'has no features'),
  },
  'is no sentence',
);

const activationsIn = (text: string, where: string): Activations => {
  const refuse = (what: string, cause?: unknown): Error =>
    inputFault(what, where, 'Record the activations again with NeuroX', cause);
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (error) {
    throw refuse('is not valid JSON', error);
  }
  const parsed = sentence.safeParse(written);
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    throw refuse(`${message} (at ${place.join('.') || 'its beginning'})`);
  }
  const { linex_index: index, features } = parsed.data;
  const first = features[0].layers;
  const [tokens, dimensions] = [features.length, first[0].values.length];
  const data = new Float32Array(first.length * tokens * dimensions);
  for (const [token, { layers }] of features.entries()) {
    if (layers.length !== first.length) throw refuse(`has another number of layers at token ${token}`);
    for (const [layer, { values }] of layers.entries()) {
      if (values.length !== dimensions) {
        throw refuse(`has another number of values at token ${token}, layer ${layer}`);
      }
      data.set(values, (layer * tokens + token) * dimensions);
    }
  }
  return {
    name: String(index),
    shape: [first.length, tokens, dimensions],
    layers: first.map((layer) => String(layer.index)),
    data,
  };
};
