import type { NamedDataset } from '../hdf5/checkpoint.ts';
import type { Hdf5Damage, Hdf5Dataset, Hdf5Object } from '../hdf5/messages.ts';
import type { KerasLayer } from './config.ts';
import { classOf, isConvolutionKernel, variableName } from './variables.ts';

export type AnyDataset = Hdf5Dataset | Hdf5Damage;

export const datasetsOf = (objects: readonly Hdf5Object[]): AnyDataset[] =>
  objects.filter((object) => object.kind !== 'group');

/** Where a path holds a list of layers: today's files, and those of Keras 2.12. */
const CONTAINER = /^(?:layers|_layer_checkpoint_dependencies)$/;
/** What a training keeps beside the model. */
const STATE = /^(?:optimizer|metrics|_?compile_metrics|_?loss_tracker)$/;

const VARIABLE = /^(?:(.+)\/)?vars\/(\d{1,6})$/;

/** Whether a file keeps variables by number, as Keras 3 does. */
export const isNumbered = (objects: readonly Hdf5Object[]): boolean =>
  datasetsOf(objects).some(({ path }) => VARIABLE.test(path));

/** Names that Keras leaves beside the variables of a layer, by the path of the layer. */
const storedNames = (objects: readonly Hdf5Object[]): Map<string, string> => {
  const names = new Map<string, string>();
  for (const object of objects) {
    const name = object.kind === 'group' ? object.attributes.get('name')?.[0] : undefined;
    if (name && object.path.endsWith('/vars')) names.set(object.path.slice(0, -'/vars'.length), name);
  }
  return names;
};

/** Paths of layers in the words of the configuration: the same layer, whichever way the file spells the list. */
const asConfigured = (path: string): string => path.replaceAll('_layer_checkpoint_dependencies/', 'layers/');

/** Gives datasets whose names are there twice their paths instead. */
export const withoutTwins = (named: readonly NamedDataset[]): NamedDataset[] => {
  const counts = new Map<string, number>();
  for (const { name } of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  const unique = (tensor: NamedDataset) =>
    (counts.get(tensor.name) ?? 0) > 1 ? tensor.dataset.path : tensor.name;
  return named.map((tensor) => ({ ...tensor, name: unique(tensor) }));
};

/** What holds variables: a layer, or a part of one. */
interface Part {
  /** Of the layers and parts around it, outermost first, and its own. */
  readonly names: readonly string[];
  readonly className: string;
  /** Place in the configuration of the innermost layer that it names; after all of them if there is none. */
  readonly order: number;
}

type Layers = ReadonlyMap<string, KerasLayer>;
/** Places of layers in the configuration, by path. */
type Order = ReadonlyMap<string, number>;

const partAt = (owner: string, stored: ReadonlyMap<string, string>, layers: Layers, order: Order): Part => {
  const segments = owner === '' ? [] : owner.split('/');
  const part = { names: [] as string[], className: '', order: order.size };
  segments.forEach((segment, at) => {
    if (CONTAINER.test(segment) && at + 1 < segments.length) return;
    const path = segments.slice(0, at + 1).join('/');
    const layer = layers.get(asConfigured(path));
    part.names.push(stored.get(path) ?? layer?.name ?? segment);
    part.className = classOf(segment, part.className, layer?.className);
    part.order = order.get(asConfigured(path)) ?? part.order;
  });
  return part;
};

const rankOf = (dataset: AnyDataset): number =>
  dataset.kind === 'dataset' ? (dataset.shape?.length ?? 0) : 0;

/** Names variable `index` of the `count` of a part. */
const nameVariable = (dataset: AnyDataset, part: Part, index: string, count: number): NamedDataset => {
  const { names, className } = part;
  const variable = variableName(className, Number(index), count) ?? `vars/${index}`;
  const name = [...names, variable].join('/');
  if (isConvolutionKernel(className, variable, rankOf(dataset))) return { name, dataset, layout: 'HWIO' };
  // A random generator, which dropout draws from, is state of the training.
  return className === 'seed_generator' ? { name, dataset, optimiser: true } : { name, dataset };
};

/**
 * Names the variables of a Keras 3 file by layer: `encoder/query/kernel` for `layers/dense_2/vars/0`, in the order of
 * the configuration. A layer's name is the one beside its variables, or else the configuration's; what neither names
 * keeps its part of the path. The variable's name is the class's, where that is plain. `layers` is by path.
 */
export const nameNumbered = (objects: readonly Hdf5Object[], layers: Layers): NamedDataset[] => {
  const stored = storedNames(objects);
  const owned = new Map<string, [index: string, dataset: AnyDataset][]>();
  const others: NamedDataset[] = [];
  for (const dataset of datasetsOf(objects)) {
    const { path } = dataset;
    const [, owner = '', index] = VARIABLE.exec(path) ?? [];
    if (STATE.test(path.split('/')[0])) others.push({ name: path, dataset, optimiser: true });
    else if (index === undefined) others.push({ name: path, dataset });
    else {
      const variables = owned.get(owner) ?? [];
      variables.push([index, dataset]);
      owned.set(owner, variables);
    }
  }
  const order: Order = new Map([...layers.keys()].map((path, place) => [path, place]));
  const parts = [...owned].map(([owner, variables]) => ({
    part: partAt(owner, stored, layers, order),
    variables,
  }));
  parts.sort((a, b) => a.part.order - b.part.order);
  const named = parts.flatMap(({ part, variables }) =>
    variables.map(([index, dataset]) => nameVariable(dataset, part, index, variables.length)),
  );
  return withoutTwins([...named, ...others]);
};
