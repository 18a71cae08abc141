import type { Scaling } from '../quantised/scaling.ts';
import type { FoundTensor } from './graph.ts';
import type { ScaledUse } from './scaledUse.ts';

/** A use and its graph, given by the prefix of its names. */
export interface PlacedUse {
  readonly use: ScaledUse;
  readonly prefix: string;
}

const INTEGERS = /^(?:U?INT(?:2|4|8|16|32)|FLOAT(?:8|4)\w+)$/;
/** A name that no tensor has: the scale is computed in the graph. */
const NONE = '\0';

type ByName = ReadonlyMap<string, FoundTensor>;

const statedBy = (
  { operator: scheme, scale, zero, rest }: ScaledUse,
  { tensor }: FoundTensor,
  nameOf: (name: string) => string,
): Scaling => ({
  scheme,
  scale: nameOf(scale),
  ...(zero === '' ? {} : { zero: nameOf(zero) }),
  ...rest(tensor.shape),
});

/**
 * The tensors that contain quantised numbers, by their final names, with their scaling. Names are looked up in the
 * graph of the node and in that of the model. If two uses disagree, the tensor is not read.
 */
export const scaledTensors = (
  uses: readonly PlacedUse[],
  byName: (prefix: string) => ByName,
): ReadonlyMap<FoundTensor, Scaling> => {
  const stated = new Map<FoundTensor, Scaling>();
  for (const { use, prefix } of uses) {
    const find = (name: string) => byName(prefix).get(name) ?? byName('').get(name);
    const nameOf = (name: string): string => find(name)?.name ?? NONE;
    const found = find(use.tensor);
    if (found === undefined || !INTEGERS.test(found.tensor.type.name)) continue;
    const next = statedBy(use, found, nameOf);
    const before = stated.get(found);
    const differs = before !== undefined && JSON.stringify(before) !== JSON.stringify(next);
    const refused = 'is quantised, and two nodes scale it differently';
    stated.set(found, differs ? { ...next, refused } : next);
  }
  return stated;
};
