import type { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { type KerasLayer, layersByPath } from '../keras/config.ts';
import { readModelJson } from '../keras/json.ts';
import type { Topology } from './topology.ts';

/**
 * The layers that the topology of a layers model describes, by name: the converter stores Keras's configuration in
 * `model_config`, TensorFlow.js stores it directly. A topology that cannot be read describes none.
 */
export const readLayers = async (
  source: ByteSource,
  { start, end }: Topology,
  allowance: Allowance,
): Promise<ReadonlyMap<string, KerasLayer>> => {
  const read = (offset: number, length: number) => source.read(start + offset, length);
  const part: ByteSource = { name: source.name, size: end - start, read, close: async () => {} };
  const topology = await readModelJson(part, allowance, 'Convert the model again').catch(() => null);
  const model = (topology as { model_config?: unknown } | null)?.model_config ?? topology;
  return new Map([...layersByPath(model).values()].map((layer) => [layer.name, layer]));
};
