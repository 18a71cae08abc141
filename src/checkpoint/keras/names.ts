import type { NamedDataset } from '../hdf5/checkpoint.ts';
import { H5T, type Hdf5Damage, type Hdf5Dataset, type Hdf5Object } from '../hdf5/messages.ts';
import type { KerasLayer } from './config.ts';
import { commonMode, integersOf } from './quantisation.ts';
import { classOf, isConvolutionKernel, variableName } from './variables.ts';

export type AnyDataset = Hdf5Dataset | Hdf5Damage;

export const datasetsOf = (objects: readonly Hdf5Object[]): AnyDataset[] =>
  objects.filter((object) => object.kind !== 'group');

/** Where a path contains a list of layers: in current files, and in those of Keras 2.12. */
const CONTAINER = /^(?:layers|_layer_checkpoint_dependencies)$/;
/** What a training stores beside the model. */
const STATE = /^(?:optimizer|metrics|_?compile_metrics|_?loss_tracker)$/;

const VARIABLE = /^(?:(.+)\/)?vars\/(\d{1,6})$/;

/** Whether a file stores variables by number, as Keras 3 does. */
export const isNumbered = (objects: readonly Hdf5Object[]): boolean =>
  datasetsOf(objects).some(({ path }) => VARIABLE.test(path));

/** Names that Keras stores beside the variables of a layer, by the path of the layer. */
const storedNames = (objects: readonly Hdf5Object[]): Map<string, string> => {
  const names = new Map<string, string>();
  for (const object of objects) {
    const name = object.kind === 'group' ? object.attributes.get('name')?.[0] : undefined;
    if (name && object.path.endsWith('/vars')) names.set(object.path.slice(0, -'/vars'.length), name);
  }
  return names;
};

/** Paths of layers as the configuration writes them: the same for a layer, however the file writes the list. */
const asConfigured = (path: string): string => path.replaceAll('_layer_checkpoint_dependencies/', 'layers/');

/** Replaces duplicate names of datasets with their paths. */
export const withoutTwins = (named: readonly NamedDataset[]): NamedDataset[] => {
  const counts = new Map<string, number>();
  for (const { name } of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  const unique = (tensor: NamedDataset) =>
    (counts.get(tensor.name) ?? 0) > 1 ? tensor.dataset.path : tensor.name;
  return named.map((tensor) => ({ ...tensor, name: unique(tensor) }));
};

/** A layer, or a part of one, that has variables. */
interface Part {
  /** Names of the layers and parts around it, outermost first, then its own. */
  readonly names: readonly string[];
  readonly className: string;
  /** Path of the part around it; empty for a top-level layer. */
  readonly outer: string;
  readonly equation: string | undefined;
  /** How it is quantised; inherited from the part around it, unless it states its own. */
  readonly mode: string | undefined;
  /** Index in the configuration of the innermost layer that it names; after all others if there is none. */
  readonly order: number;
}

type Layers = ReadonlyMap<string, KerasLayer>;
/** Indices of layers in the configuration, by path. */
type Order = ReadonlyMap<string, number>;

const partAt = (
  owner: string,
  stored: ReadonlyMap<string, string>,
  layers: Layers,
  order: Order,
  usual: string | undefined,
): Part => {
  const segments = owner === '' ? [] : owner.split('/');
  const part = {
    names: [] as string[],
    className: '',
    outer: '',
    equation: undefined as string | undefined,
    mode: undefined as string | undefined,
    order: order.size,
  };
  segments.forEach((segment, at) => {
    if (CONTAINER.test(segment) && at + 1 < segments.length) return;
    const path = segments.slice(0, at + 1).join('/');
    const layer = layers.get(asConfigured(path));
    part.names.push(stored.get(path) ?? layer?.name ?? segment);
    part.outer = part.className;
    part.className = classOf(segment, part.className, layer?.className, stored.get(path));
    part.equation = layer?.equation;
    part.mode = layer?.mode ?? part.mode;
    part.order = order.get(asConfigured(path)) ?? part.order;
  });
  return { ...part, mode: part.mode ?? usual };
};

const rankOf = (dataset: AnyDataset): number =>
  dataset.kind === 'dataset' ? (dataset.shape?.length ?? 0) : 0;

/** Integers of one byte, which floats never are: from a layer that Keras quantised. */
const isByte = (dataset: AnyDataset | undefined): boolean =>
  dataset?.kind === 'dataset' && dataset.typeClass === H5T.INTEGER && dataset.size === 1;

type Variables = readonly (readonly [index: string, dataset: AnyDataset])[];

const isByteMatrix = (dataset: AnyDataset): boolean => isByte(dataset) && rankOf(dataset) >= 2;

/**
 * Why a variable that its class does not name is not a weight: a matrix of bytes belongs to a layer quantised in an
 * unsupported way (groups, GPTQ, AWQ, other classes), and the matrices beside it are its tables.
 */
const unnamed = (
  dataset: AnyDataset,
  variables: Variables,
  mode: string | undefined,
): Pick<NamedDataset, 'unreadable' | 'belongsTo'> => {
  if (isByteMatrix(dataset)) return { unreadable: `holds ${integersOf(mode)}, not weights` };
  const isBeside = rankOf(dataset) >= 2 && variables.some(([, each]) => isByteMatrix(each));
  return isBeside ? { belongsTo: `belongs to ${integersOf(mode)}, not to the weights` } : {};
};

/** Names the variables of a part. */
const nameVariables = (part: Part, variables: Variables): NamedDataset[] => {
  const { names, className, outer, equation, mode } = part;
  const quantised = isByte(variables.find(([index]) => index === '0')?.[1]);
  return variables.map(([index, dataset]) => {
    const known = variableName(className, Number(index), variables.length, quantised);
    const variable = known ?? `vars/${index}`;
    const name = [...names, variable].join('/');
    // A random generator, which dropout draws from, is training state.
    if (className === 'seed_generator') return { name, dataset, optimiser: true };
    if (known === null) return { name, dataset, ...unnamed(dataset, variables, mode) };
    const usedBy = {
      by: 'Keras',
      className,
      outer,
      owner: names.at(-1) ?? '',
      variable,
      ...(equation !== undefined && { equation }),
      ...(mode !== undefined && { mode }),
    } as const;
    const isKernel = isConvolutionKernel(className, variable, rankOf(dataset));
    return isKernel ? { name, dataset, usedBy, layout: 'HWIO' } : { name, dataset, usedBy };
  });
};

/**
 * Names the variables of a Keras 3 file by layer: `encoder/query/kernel` for `layers/dense_2/vars/0`, in the order of
 * the configuration. A layer's name is the one beside its variables, or else the one in the configuration; without
 * either it keeps its part of the path. The variable's name follows from the class, if that is clear. `layers` is by
 * path.
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
  const usual = commonMode(layers.values());
  const parts = [...owned].map(([owner, variables]) => ({
    part: partAt(owner, stored, layers, order, usual),
    variables,
  }));
  parts.sort((a, b) => a.part.order - b.part.order);
  const named = parts.flatMap(({ part, variables }) => nameVariables(part, variables));
  return withoutTwins([...named, ...others]);
};
