import type { WeightLayer } from '../protocol/index.ts';
import { operationsOf } from './way.ts';

/**
 * Total cost of the layers in one task: some milliseconds, so that tiny matrices share a message to another thread and
 * a check of the files, and cancelling and progress do not wait.
 */
const OPERATIONS = 2 ** 24;
const PARAMETERS = 2 ** 18;
const LAYERS = 256;

/** Layers in order, in runs that are worth a task each. A large layer forms its own run. */
export function* layerBatches(layers: readonly WeightLayer[]): Generator<readonly WeightLayer[]> {
  let batch: WeightLayer[] = [];
  let [operations, parameters] = [0, 0];
  for (const layer of layers) {
    const work = operationsOf(layer);
    const isFull =
      batch.length === LAYERS || operations + work > OPERATIONS || parameters + layer.parameters > PARAMETERS;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      [operations, parameters] = [0, 0];
    }
    batch.push(layer);
    operations += work;
    parameters += layer.parameters;
  }
  if (batch.length > 0) yield batch;
}
