import type { WeightLayer } from '../protocol/index.ts';
import { operationsOf } from './way.ts';

/**
 * What layers of one task take together: some milliseconds beside what each costs by itself, so that a message to another
 * thread and a look at the files are not made for every tiny matrix, and cancelling and progress do not wait.
 */
const OPERATIONS = 2 ** 24;
const PARAMETERS = 2 ** 18;
const LAYERS = 256;

/** Layers in their order, in runs that are worth a task each. A large layer is one by itself. */
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
