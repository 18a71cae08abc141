import type { Population } from '../../data/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import { populationKind } from '../../model/index.ts';
import type { Products } from '../algebra/products.ts';
import type { Reader } from '../reader.ts';
import type { TappedLayer } from '../tappedLayer.ts';
import { diagonalMoments } from './diagonalMoments.ts';
import { linearMoments } from './linearMoments.ts';
import type { PopulationLayer } from './populationLayer.ts';

/**
 * @throws Fault (input) for a model through which moments cannot be propagated: neither linear nor diagonal on the
 * axes.
 */
export const readPopulation = async (
  experiment: Experiment,
  population: Population,
  reader: Reader,
  layers: readonly TappedLayer[],
  products: Products,
): Promise<ReadonlyMap<string, PopulationLayer>> => {
  const moments = populationKind(experiment) === 'linear' ? linearMoments : diagonalMoments;
  return moments(population, reader, layers, products);
};
