import type { LayerAnalysis } from '../protocol/index.ts';
import type { ExactMoments, SourceLayer, SourceReader } from '../sources/index.ts';
import { singularValuesOfGram } from '../spectrum/index.ts';
import { POPULATION_DEFINITIONS } from './definitions.ts';
import { featureWeights, type Gain } from './featureWeights/featureWeights.ts';
import type { Findings, Inspection } from './inspection.ts';
import { inequalityOf, populationMeasures } from './measures/measures.ts';
import { populationSimilarity } from './measures/similarity.ts';
import { diagonalMoments } from './population/diagonalMoments.ts';
import { linearMoments } from './population/linearMoments.ts';
import type { PopulationLayer } from './population/populationLayer.ts';
import { correlationsOf } from './views/viewCorrelation.ts';

/** Analysis of exact moments: spectra, gains and correlations without sampling error; there is nothing to probe. */
export const analysePopulation = async (
  inspection: Inspection,
  exact: ExactMoments,
  reader: SourceReader,
): Promise<Findings> => {
  const { source, products, onProgress, signal } = inspection;
  const { layers } = source;
  const moments =
    exact.kind === 'linear'
      ? await linearMoments(exact, reader, products)
      : await diagonalMoments(exact, reader, layers, products);
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
  return { definitions: POPULATION_DEFINITIONS, layers: analysed, untrained: null, similarity };
};

const measureLayer = async (
  { products }: Inspection,
  layer: SourceLayer,
  { root, positive, gains }: PopulationLayer,
): Promise<LayerAnalysis> => {
  const second = await products.cross(root, root);
  const singularValues = singularValuesOfGram(second, second.rows).values;
  const exact = Array.from(
    gains,
    (gain, j): Gain => ({
      feature: `feature-${j + 1}`,
      source: 'coordinate',
      gain,
      interval: null,
      influences: null,
      etaSquared: null,
      significant: true,
    }),
  );
  return {
    ...layer,
    samples: 0,
    singularValues: [...singularValues],
    centredSingularValues: [...singularValues],
    measures: populationMeasures(singularValues, second),
    featureWeights: featureWeights(exact),
    inequality: inequalityOf(exact),
    viewCorrelation: [...(await correlationsOf(products, positive, second))],
    probes: [],
  };
};
