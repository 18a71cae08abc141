import { ChangedFault, type Checkpoint, elementCount, type NumericArray } from '../checkpoint/index.ts';
import {
  type ConvolutionView,
  Fault,
  type TensorValues,
  type TensorValuesParams,
} from '../protocol/index.ts';
import { fingerprintOf, valueStatistics } from '../spectrum/index.ts';
import { elementKind } from './elementKind.ts';
import { planOf } from './layerPlans.ts';
import { checkVersion } from './layerSpectrum.ts';

/**
 * Tensors of real numbers that are not weight matrices: vectors, running statistics and other buffers. Training state,
 * packed numbers and tensors tied to others are left out.
 */
export const otherTensors = async (
  checkpoint: Checkpoint,
  convolution: ConvolutionView,
): Promise<string[]> => {
  const { layers, vectors, skipped } = await planOf(checkpoint, convolution);
  const storages = new Set(
    layers.flatMap(({ layer }) => checkpoint.tensors.get(layer.tensor)?.storage ?? []),
  );
  return [...vectors, ...skipped].flatMap(({ name }) => {
    const entry = checkpoint.tensors.get(name);
    if (entry === undefined || entry.optimiser || entry.unreadable !== undefined) return [];
    if (elementKind(entry.dtype) !== 'real' || entry.shape.includes(0)) return [];
    if (entry.storage !== undefined && storages.has(entry.storage)) return [];
    if (entry.storage !== undefined) storages.add(entry.storage);
    return [name];
  });
};

/** Bytes of one value, as stored and as read. */
const BYTES = 16;

/** Memory that reading them takes: that of the largest one. */
export const valuesBytes = async (checkpoint: Checkpoint, convolution: ConvolutionView): Promise<number> =>
  (await otherTensors(checkpoint, convolution)).reduce(
    (most, name) => Math.max(most, BYTES * (elementCount(checkpoint.tensors.get(name)!.shape) ?? 0)),
    0,
  );

const asFloats = (data: NumericArray): Float32Array | Float64Array =>
  data instanceof Float64Array || data instanceof Float32Array ? data : Float64Array.from(data);

/**
 * Counts of each of these tensors, read one after the other. A tensor that cannot be read says why. Throws a fault if
 * the files do not have the requested version.
 */
export const tensorValues = async (
  checkpoint: Checkpoint,
  { convolution, version }: Omit<TensorValuesParams, 'file'>,
): Promise<TensorValues[]> => {
  checkVersion(checkpoint, version);
  const found: TensorValues[] = [];
  for (const name of await otherTensors(checkpoint, convolution)) {
    try {
      const { data } = await checkpoint.read(name);
      const fingerprint = fingerprintOf(asFloats(data));
      found.push({ name, statistics: valueStatistics([data]), fingerprint, problem: null });
    } catch (error) {
      if (!(error instanceof Fault) || error instanceof ChangedFault) throw error;
      found.push({ name, statistics: null, fingerprint: '', problem: error.message });
    }
  }
  return found;
};
