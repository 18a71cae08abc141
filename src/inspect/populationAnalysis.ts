import type { Population } from '../data/index.ts';
import type { LayerAnalysis } from '../protocol/index.ts';
import { singularValuesOfGram } from '../spectrum/index.ts';
import { POPULATION_DEFINITIONS } from './definitions.ts';
import { featureWeights } from './featureWeights.ts';
import type { Findings, Inspection } from './inspectModel.ts';
import { inequalityOf, populationMeasures, viewCorrelations } from './measures.ts';
import { type PopulationLayer, readPopulation } from './population.ts';
import type { Reader } from './representations.ts';
import { populationSimilarity } from './similarity.ts';
import type { TappedLayer } from './tappedLayer.ts';

/** Analysis of exact moments: spectra, gains and correlations without sampling error; there is nothing to probe. */
export const analysePopulation = async (
  inspection: Inspection,
  population: Population,
  reader: Reader,
): Promise<Findings> => {
  const { experiment, layers, products, onProgress, signal } = inspection;
  const moments = await readPopulation(experiment, population, reader, layers, products);
  const analysed: LayerAnalysis[] = [];
  for (const [done, layer] of layers.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ job: 'inspect', done, total: layers.length, message: `measuring ${layer.name}` });
    analysed.push(await measureLayer(inspection, layer, moments.get(layer.name)!));
  }
  const similarity = await populationSimilarity(
    products,
    layers.map(({ name }) => moments.get(name)!.root),
  );
  return { layers: analysed, similarity, definitions: POPULATION_DEFINITIONS };
};

const measureLayer = async (
  { products }: Inspection,
  layer: TappedLayer,
  { root, positive, gains }: PopulationLayer,
): Promise<LayerAnalysis> => {
  const second = await products.cross(root, root);
  const singularValues = singularValuesOfGram(second, second.rows).values;
  const weights = featureWeights(
    Array.from(gains, (gain, j) => ({
      feature: `feature-${j + 1}`,
      source: 'coordinate',
      gain,
      significant: true,
    })),
  );
  return {
    name: layer.name,
    part: layer.part,
    role: layer.role,
    dimensions: layer.dimensions,
    samples: 0,
    pooling: layer.pooling,
    singularValues: [...singularValues],
    centredSingularValues: [...singularValues],
    measures: populationMeasures(singularValues, second),
    featureWeights: weights,
    inequality: inequalityOf(weights),
    viewCorrelation: [...(await viewCorrelations(products, positive, second))],
    probes: [],
  };
};
