import { quantisedBy } from './quantisation.ts';

/** A layer as a model's configuration names it. */
export interface KerasLayer {
  readonly name: string;
  /** Class name as Keras writes it in paths: `conv2d_transpose`. */
  readonly className: string;
  /** Equation of an EinsumDense: `ab,bc->ac`. */
  readonly equation?: string;
  /** How it is quantised, if it is: `int8`. */
  readonly mode?: string;
}

type Json = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 32;
/** Total length of all paths. Models have some thousand layers, with paths of some twenty characters. */
const MAX_TEXT = 2 ** 24;

const asObject = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;

/** `Conv2DTranspose` as `conv2d_transpose`: how Keras turns a class into a path. */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** The layer that `value` describes, with its own configuration; null if it describes none. */
const layerOf = (value: unknown): { layer: KerasLayer; config: Json } | null => {
  const described = asObject(value);
  const config = asObject(described?.config);
  const className = described?.class_name;
  const name = config?.name ?? described?.name;
  if (config === null || typeof className !== 'string' || typeof name !== 'string') return null;
  const { equation } = config;
  const mode = quantisedBy(config);
  const layer = {
    name,
    className: snakeCase(className),
    ...(typeof equation === 'string' && { equation }),
    ...(mode !== undefined && { mode }),
  };
  return { layer, config };
};

/**
 * The layers of a model's configuration (`config.json` of a .keras file, `model_config` of an .h5 one) by the path
 * under which a .keras file keeps their variables: made from the class, counted within each model, not from the
 * layer's name.
 */
export const layersByPath = (model: unknown): Map<string, KerasLayer> => {
  const found = new Map<string, KerasLayer>();
  let text = 0;
  /** Layers that are left out keep their names in the file. */
  const add = (layer: KerasLayer, path: string): boolean => {
    text += path.length;
    if (text > MAX_TEXT) return false;
    found.set(path, layer);
    return true;
  };
  const visit = (config: Json, prefix: string, depth: number, isTwice: boolean): void => {
    const counts = new Map<string, number>();
    const layers = Array.isArray(config.layers) ? (config.layers as unknown[]) : [];
    for (const value of layers) {
      const described = layerOf(value);
      if (described === null) continue;
      const { className } = described.layer;
      const count = counts.get(className) ?? 0;
      counts.set(className, count + 1);
      record(described, `${prefix}layers/${className}${count === 0 ? '' : `_${count}`}`, depth);
    }
    // What a wrapper wraps, such as the layer of a TimeDistributed; a Bidirectional wraps it twice, under other names.
    const wrapped = layerOf(config.layer);
    if (wrapped === null) return;
    record(wrapped, `${prefix}layer`, depth);
    if (!isTwice) return;
    for (const way of ['forward', 'backward']) {
      const { layer } = wrapped;
      add({ ...layer, name: `${way}_${layer.name}` }, `${prefix}${way}_layer`);
    }
  };
  const record = (
    { layer, config }: { layer: KerasLayer; config: Json },
    path: string,
    depth: number,
  ): void => {
    if (!add(layer, path) || depth >= MAX_DEPTH) return;
    visit(config, `${path}/`, depth + 1, layer.className === 'bidirectional');
  };
  const config = asObject(model)?.config;
  // A Sequential in Keras 1 and TensorFlow.js is the list of its layers.
  const root = Array.isArray(config) ? { layers: config } : asObject(config);
  if (root !== null) visit(root, '', 0, false);
  return found;
};

/** What is shown of a model's configuration: the class and the name of the model. */
export const modelFacts = (model: unknown): [string, string][] => {
  const described = layerOf(model);
  const className = asObject(model)?.class_name;
  if (described === null || typeof className !== 'string') return [];
  return [
    ['class_name', className],
    ['name', described.layer.name],
  ];
};
