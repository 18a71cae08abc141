import { inputFault, shown } from '../../protocol/index.ts';
import { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { latin1Of } from '../bytes/literalReader.ts';
import type { Checkpoint, CheckpointFormat, OpenSibling, TensorEntry } from '../checkpoint.ts';
import { decodeElements } from '../elements.ts';
import type { KerasLayer } from '../keras/config.ts';
import { useOf } from '../keras/use.ts';
import type { ElementType, NumericArray, StoredTensor } from '../tensor.ts';
import { readLayers } from './layers.ts';
import { readTfjsManifest } from './manifest.ts';
import { measureShards, type Piece, type Place, placeTensors, readPieces } from './shards.ts';
import type { TfjsWeight } from './weight.ts';

/** Limit of a model.json, including the topology; the largest published ones are a few megabytes. */
const MAX_MANIFEST = 2 ** 24;
const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ['string', 'holds text, not numbers'],
  ['complex64', 'holds complex numbers, which are not read here'],
]);

/** A tensor, and where its bytes are. */
interface PlacedWeight {
  readonly weight: TfjsWeight;
  readonly place: Place;
  /** Layers of a layers model, by name. */
  readonly layers: ReadonlyMap<string, KerasLayer>;
}

const entryOf = ({ weight, place, layers }: PlacedWeight): TensorEntry => {
  const { name, shape, dtype, quantisation, isOptimiser, bytes } = weight;
  const usedBy = useOf(name, layers);
  const unreadable = UNREADABLE.get(dtype) ?? ('reason' in place ? place.reason : undefined);
  return {
    name,
    dtype: quantisation === undefined ? dtype : `${dtype} (${quantisation.dtype})`,
    shape,
    bytes: bytes ?? 0,
    ...(shape.length === 4 && { layout: 'HWIO' }),
    ...(usedBy && { usedBy }),
    ...(isOptimiser && { optimiser: true }),
    ...(unreadable !== undefined && { unreadable }),
  };
};

/** Arithmetic in double precision, as in tfjs; an integer is rounded half up. */
const expand = (codes: NumericArray, { dtype, quantisation }: TfjsWeight): NumericArray => {
  const { scale, min } = quantisation as NonNullable<TfjsWeight['quantisation']>;
  const isInteger = dtype === 'int32';
  const data = isInteger ? new Int32Array(codes.length) : new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const value = codes[i] * scale + min;
    data[i] = isInteger ? Math.round(value) : value;
  }
  return data;
};

const readTensor = async (
  weight: TfjsWeight,
  pieces: readonly Piece[],
  openSibling: OpenSibling,
  where: string,
): Promise<StoredTensor> => {
  const { shape, quantisation } = weight;
  const dtype = weight.dtype as ElementType;
  const bytes = await readPieces(pieces, openSibling);
  const stored = decodeElements(bytes, quantisation?.dtype ?? dtype, true, () => where);
  // The codes of float16 are the values.
  const isCoded = quantisation !== undefined && quantisation.dtype !== 'float16';
  return { dtype, shape, data: isCoded ? expand(stored, weight) : stored };
};

const readPlaced = async (
  placed: PlacedWeight,
  openSibling: OpenSibling,
  path: string,
): Promise<StoredTensor> => {
  const { weight, place } = placed;
  const where = `${path}, entry ${shown(weight.name)}`;
  const { unreadable } = entryOf(placed);
  if (unreadable !== undefined || 'reason' in place) {
    throw inputFault(
      unreadable ?? 'cannot be read',
      where,
      'Fetch the whole model, or choose another tensor',
    );
  }
  return readTensor(weight, place.pieces, openSibling, where).catch((error: unknown) => {
    // JavaScript refuses too large an array with a RangeError before it takes any memory.
    if (!(error instanceof RangeError)) throw error;
    throw inputFault('has more values than fit in memory', where, 'Split the tensor', error);
  });
};

const openManifest = async (
  source: ByteSource,
  openSibling: OpenSibling,
  allowance: Allowance,
): Promise<Checkpoint> => {
  const { name: path, size } = source;
  if (size > MAX_MANIFEST) {
    throw inputFault(
      `takes ${size} bytes, above the limit of ${MAX_MANIFEST} for a manifest`,
      path,
      'Convert the model again, with its weights in shards',
    );
  }
  const { metadata, groups, topology } = await readTfjsManifest(source, allowance);
  const isGraph = metadata.get('format') === 'graph-model';
  const layers = topology === null || isGraph ? new Map() : await readLayers(source, topology, allowance);
  const shards = await measureShards(
    groups.flatMap(({ paths }) => paths),
    openSibling,
  );
  const weights = new Map<string, PlacedWeight>();
  groups.forEach((group, i) => {
    const own = group.paths.map((shard) => shards.get(shard) as NonNullable<ReturnType<typeof shards.get>>);
    const places = placeTensors(group, own, `${path}, group ${i + 1}`);
    group.weights.forEach((weight, k) => {
      weights.set(weight.name, { weight, place: places[k], layers });
    });
  });
  return {
    path,
    format: 'TensorFlow.js',
    metadata,
    tensors: new Map([...weights].map(([name, weight]) => [name, entryOf(weight)])),
    read: async (name) => {
      const weight = weights.get(name);
      if (weight !== undefined) return readPlaced(weight, openSibling, path);
      throw inputFault(`has no tensor ${shown(name)}`, path, 'Use one of its tensors');
    },
    close: () => source.close(),
  };
};

const CHUNK = 2 ** 16;

/**
 * Which of `words` are in the first `size` bytes, read piece by piece: each piece begins with the end of the
 * previous one.
 */
const wordsIn = async (source: ByteSource, size: number, words: readonly string[]): Promise<Set<string>> => {
  const overlap = words.reduce((longest, { length }) => Math.max(longest, length), 1) - 1;
  const found = new Set<string>();
  for (let at = 0; at < size && found.size < words.length; at += CHUNK - overlap) {
    const text = latin1Of(await source.read(at, Math.min(CHUNK, size - at)));
    for (const word of words) if (text.includes(word)) found.add(word);
  }
  return found;
};

/** JSON with the keys of a manifest: in its first bytes if it is too large for one, else anywhere. */
const isManifest = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  const start = /^[ \t\r\n]*([{[])/.exec(latin1Of(head))?.[1];
  if (start === undefined || head.includes(0)) return false;
  const isLarge = source.size > MAX_MANIFEST;
  const words = start === '[' ? ['"weights"', '"paths"'] : ['"weightsManifest"'];
  const found = await wordsIn(source, isLarge ? head.length : source.size, [...words, '"modelTopology"']);
  return words.every((word) => found.has(word)) || (isLarge && found.has('"modelTopology"'));
};

/**
 * Models of TensorFlow.js: a model.json of layers or of a graph, or a bare manifest, with its shards beside it.
 * Quantised weights are read as the values that tfjs computes. A missing shard affects only its own tensors.
 */
export const TFJS: CheckpointFormat = {
  name: 'TensorFlow.js',
  isMine: (head, source) => isManifest(head, source).catch(() => false),
  open: async (source, openSibling, allowance = new Allowance()) => {
    try {
      return await openManifest(source, openSibling, allowance);
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};
