import { createHash, type Hash } from 'node:crypto';
import { ChangedFault, type Checkpoint, type NumericArray } from '../checkpoint/index.ts';
import {
  type ConvolutionView,
  type LayerSpectrum,
  type LayerSpectrumParams,
  runFault,
  shown,
} from '../protocol/index.ts';
import { KeptSpectra, keyOf } from './keptSpectra.ts';
import { measureMatrices } from './measureMatrices.ts';
import { measureTall } from './measureTall.ts';
import type { PlannedLayer } from './plan.ts';
import { piecesOf, readValues } from './readValues.ts';
import type { RowBlocks } from './rowBlocks.ts';
import { matricesOf } from './view.ts';
import { type Method, type Way, wayOf } from './way.ts';

/** One call of a hash takes less than 2^31 bytes. */
const PIECE = 2 ** 30;

const addTo = (hash: Hash, { buffer, byteOffset, byteLength }: NumericArray): void => {
  for (let at = 0; at < byteLength; at += PIECE) {
    hash.update(new Uint8Array(buffer, byteOffset + at, Math.min(PIECE, byteLength - at)));
  }
};

/** Hash of the values of a tensor, which does not depend on how they are split into pieces. */
const hashOf = async (pieces: Iterable<NumericArray> | AsyncIterable<NumericArray>): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of pieces) addTo(hash, piece);
  return hash.digest('hex');
};

/** What the numbers depend on besides the files. */
type Asked = readonly [layer: string, convolution: ConvolutionView, method: Method];

/** The cache key of the result for these versions of the checkpoint's files; null if the versions are not certain. */
const fileKeyOf = ({ files }: Checkpoint, asked: Asked): string | null =>
  files === undefined || !files.settled ? null : keyOf('files', files.version, ...asked);

/** Refuses files whose version differs from the summary's. */
export const checkVersion = ({ files, path }: Checkpoint, version: string | undefined): void => {
  if (version !== undefined && files !== undefined && files.version !== version) throw new ChangedFault(path);
};

/** Running out of memory shows as a range error of the engine's allocator. */
const withinMemory = async <T>({ layer }: PlannedLayer, path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError) || !/allocation|array length|memory size/i.test(error.message))
      throw error;
    const what = `layer ${shown(layer.name)} of ${layer.parameters} weights does not fit in memory`;
    throw runFault(what, path, 'Close other programs, or use a machine with more memory', error);
  }
};

/** The numbers of a layer, in the form that the request needs. */
interface Numbers {
  hash(): Promise<string>;
  spectrum(): Promise<LayerSpectrum>;
}

const inMemory = async (
  checkpoint: Checkpoint,
  { layer, view }: PlannedLayer,
  method: Method,
): Promise<Numbers> => {
  const data = await readValues(checkpoint, layer.tensor);
  return {
    hash: () => hashOf([data]),
    spectrum: async () => measureMatrices(matricesOf(data, view), layer, method),
  };
};

const inBlocks = (checkpoint: Checkpoint, { layer }: PlannedLayer, blocks: RowBlocks): Numbers => ({
  hash: () => hashOf(piecesOf(checkpoint.ranges!(layer.tensor)!, layer.shape)),
  spectrum: () => measureTall(blocks, layer),
});

/** The spectrum of a layer from its numbers, which are read here. */
const measure = async (
  checkpoint: Checkpoint,
  planned: PlannedLayer,
  { method, blocks }: Way,
  kept: KeptSpectra | null,
  asked: Asked,
): Promise<{ readonly spectrum: LayerSpectrum; readonly contentKey: string | null }> => {
  const numbers =
    blocks === null ? await inMemory(checkpoint, planned, method) : inBlocks(checkpoint, planned, blocks);
  const { layer, view } = planned;
  const contentKey =
    kept === null ? null : keyOf('content', await numbers.hash(), layer.shape, layer.dtype, view, ...asked);
  const known = contentKey === null ? null : await kept!.read(contentKey);
  const spectrum = known ?? (await numbers.spectrum());
  if (contentKey !== null && known === null) await kept!.write(contentKey, spectrum);
  return { spectrum, contentKey };
};

/**
 * The spectrum of a layer as it was planned for this version of the checkpoint, from the folder `cache` if it was measured
 * before. `auto` estimates if the exact values would take too long. Weights that are not finite give a spectrum without
 * values that says so. Throws a fault if its tensor cannot be read.
 */
export const plannedSpectrum = async (
  checkpoint: Checkpoint,
  planned: PlannedLayer,
  { convolution, cache, method }: Pick<LayerSpectrumParams, 'convolution' | 'cache' | 'method'>,
): Promise<LayerSpectrum> => {
  const way = wayOf(checkpoint, planned, method);
  const asked = [planned.layer.name, convolution, way.method] as const;
  const kept = cache === undefined ? null : new KeptSpectra(cache);
  const fileKey = kept === null ? null : fileKeyOf(checkpoint, asked);
  const known = fileKey === null ? null : await kept!.readOfFile(fileKey);
  if (known !== null) return known;
  const { spectrum, contentKey } = await withinMemory(planned, checkpoint.path, () =>
    measure(checkpoint, planned, way, kept, asked),
  );
  if (fileKey !== null && contentKey !== null) await kept!.link(fileKey, contentKey);
  return spectrum;
};
