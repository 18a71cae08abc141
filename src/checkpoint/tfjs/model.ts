import { readBounded } from '../../disk/index.ts';
import { formatCount, inputFault } from '../../protocol/index.ts';
import { siblingsOf } from '../siblings.ts';

/** A model of TensorFlow.js with its parameters in memory, as its own loaders take it. */
export interface TfjsModel {
  readonly kind: 'layers' | 'graph';
  /** The JSON of the file. */
  readonly modelTopology: object;
  readonly weightSpecs: readonly object[];
  readonly weightData: ArrayBuffer;
  readonly signature: object | undefined;
}

/** Limits of a model.json and of its shards. */
const MOST_JSON = 2 ** 26;
const MOST_BYTES = 2 ** 31 - 1;
const REMEDY = 'The file is damaged or not a model.json of TensorFlow.js: fetch or convert it again';

interface Written {
  readonly modelTopology?: object;
  readonly format?: string;
  readonly signature?: object;
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly object[];
  }[];
}

/**
 * Reads a model.json and its shards, which have to be in its folder.
 * @throws Fault (input) for a file that is none, and for shards that cannot be read.
 */
export const readTfjsModel = async (path: string): Promise<TfjsModel> => {
  const text = await readBounded(path, { limit: MOST_JSON, place: path, remedy: REMEDY });
  let written: Written;
  try {
    written = JSON.parse(text) as Written;
  } catch (error) {
    throw inputFault('is not valid JSON', path, REMEDY, error);
  }
  const { modelTopology, weightsManifest, format, signature } = written ?? {};
  if (typeof modelTopology !== 'object' || modelTopology === null || !Array.isArray(weightsManifest)) {
    throw inputFault('has no modelTopology and weightsManifest', path, REMEDY);
  }
  const openSibling = siblingsOf(path);
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const shard of weightsManifest.flatMap(({ paths }) => paths)) {
    const source = await openSibling(String(shard));
    try {
      total += source.size;
      if (total > MOST_BYTES) {
        throw inputFault(
          `has more than ${formatCount(MOST_BYTES)} bytes of weights`,
          path,
          'Use a smaller model',
        );
      }
      parts.push(await source.read(0, source.size));
    } finally {
      await source.close();
    }
  }
  const weightData = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    weightData.set(part, at);
    at += part.length;
  }
  return {
    kind: format === 'graph-model' || 'node' in modelTopology ? 'graph' : 'layers',
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: weightData.buffer,
    signature,
  };
};
