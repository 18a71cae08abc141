import { type Fault, inputFault, shown } from '../../protocol/index.ts';
import type { NamedDataset } from '../hdf5/checkpoint.ts';
import type { Hdf5Group, Hdf5Object } from '../hdf5/messages.ts';
import type { KerasUse } from '../use.ts';
import type { KerasLayer } from './config.ts';
import { type AnyDataset, datasetsOf, withoutTwins } from './names.ts';
import { commonMode } from './quantisation.ts';
import { useOf } from './use.ts';
import { isConvolutionKernel } from './variables.ts';

/** A list of names, which Keras splits if it is longer than an attribute may be. */
const namesIn = (group: Hdf5Group | undefined, attribute: string): readonly string[] => {
  if (group === undefined) return [];
  const whole = group.attributes.get(attribute);
  if (whole !== undefined) return whole;
  const names: string[] = [];
  for (let part = 0; ; part++) {
    const some = group.attributes.get(`${attribute}${part}`);
    if (some === undefined) return names;
    for (const name of some) names.push(name);
  }
};

const isOptimiser = (path: string): boolean => path.startsWith('optimizer_weights/');

const missing = (layer: string, weight: string, where: string): Fault =>
  inputFault(
    `names weight ${shown(weight)} of layer ${shown(layer)} and does not hold it`,
    where,
    'The file is damaged: fetch or save it again',
  );

/**
 * A kernel of a convolution, by the class of its layer, or, if the layer is not described, by its name or a kernel of
 * four or five axes.
 */
const isConvolution = (name: string, rank: number, use: KerasUse | undefined): boolean => {
  const variable = name.slice(name.lastIndexOf('/') + 1);
  if (use !== undefined) return isConvolutionKernel(use.className, variable, rank);
  const isLikely = rank >= 4 || /conv/i.test(name);
  return isLikely && isConvolutionKernel('conv2d', variable, rank);
};

/**
 * Names the weights of a Keras .h5 file as its `weight_names` do (`dense/kernel:0`), in the order of its `layer_names`;
 * weights without a name follow by path. Names shared by two layers become paths. A named weight that is missing is
 * refused. `layers` are from the configuration, if there is one.
 */
export const nameListed = (
  objects: readonly Hdf5Object[],
  layers: Iterable<KerasLayer>,
  where: string,
): NamedDataset[] => {
  const groups = new Map(
    objects.filter((object) => object.kind === 'group').map((group) => [group.path, group]),
  );
  const datasets = new Map(datasetsOf(objects).map((dataset) => [dataset.path, dataset]));
  const described = new Map([...layers].map((layer) => [layer.name, layer]));
  const usual = commonMode(described.values());
  const base = groups.has('model_weights') ? 'model_weights' : '';
  const inBase = (path: string) => (base === '' ? path : `${base}/${path}`);
  const named: NamedDataset[] = [];
  const add = (name: string, dataset: AnyDataset): void => {
    datasets.delete(dataset.path);
    const rank = dataset.kind === 'dataset' ? (dataset.shape?.length ?? 0) : 0;
    if (isOptimiser(dataset.path)) {
      named.push({ name, dataset, optimiser: true });
      return;
    }
    const usedBy = useOf(name, described, usual);
    const layout = isConvolution(name, rank, usedBy) ? 'HWIO' : undefined;
    named.push({ name, dataset, ...(usedBy && { usedBy }), ...(layout && { layout }) });
  };
  for (const layer of [...namesIn(groups.get(base), 'layer_names'), 'top_level_model_weights']) {
    for (const weight of namesIn(groups.get(inBase(layer)), 'weight_names')) {
      const dataset = datasets.get(inBase(`${layer}/${weight}`));
      if (dataset === undefined) throw missing(layer, weight, where);
      add(weight, dataset);
    }
  }
  for (const dataset of [...datasets.values()]) add(dataset.path, dataset);
  return withoutTwins(named);
};
