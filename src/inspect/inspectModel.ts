import type { Data } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import type { Model } from '../model/index.ts';
import { ANALYSIS_VERSION, type Analysis, type LayerAnalysis, type OnProgress } from '../protocol/index.ts';
import type { Backend, TensorData } from '../runtime/index.ts';
import { expectedWeights } from './expectedWeights.ts';
import { absentThreshold } from './featureWeights.ts';
import { analysePopulation } from './populationAnalysis.ts';
import { Products } from './products.ts';
import { openReader } from './representations.ts';
import { analyseSamples } from './sampleAnalysis.ts';
import { type TappedLayer, tapLayers } from './tappedLayer.ts';
import { VIEW_SIZES, type ViewSizes } from './views.ts';

export interface InspectOptions {
  readonly experiment: Experiment;
  readonly data: Data;
  readonly model: Model;
  /** Every variable of the model, by name. */
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly backend: Backend;
  /** Where in the training these variables are from. */
  readonly epoch: number;
  readonly step: number;
  readonly onProgress?: OnProgress;
  /** Checked between chunks and fits; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How many augmented views to make; what is not given stays at the default. */
  readonly views?: Partial<ViewSizes>;
}

/** What both kinds of analysis work with. */
export interface Inspection extends Omit<InspectOptions, 'views'> {
  readonly layers: readonly TappedLayer[];
  readonly products: Products;
  readonly views: ViewSizes;
}

/** The part of the document that is measured. */
export interface Findings {
  readonly layers: LayerAnalysis[];
  readonly similarity: Analysis['similarity'];
  readonly definitions: Readonly<Record<string, string>>;
}

/**
 * Reads every tapped layer over the train and test splits and the shifts (or takes exact moments through it, for
 * population data) and measures it. What cannot be computed is a cell with a note.
 *
 * @throws Fault (input) for a layer, factor or model that the experiment cannot ask for; Fault (run) for a
 * representation that is not finite, naming the layer; the signal's reason when cancelled.
 */
export const inspectModel = async (options: InspectOptions): Promise<Analysis> => {
  const { experiment, data, model, backend } = options;
  const products = new Products(backend);
  try {
    const inspection: Inspection = {
      ...options,
      layers: tapLayers(model.layers, experiment.layers),
      products,
      views: { ...VIEW_SIZES, ...options.views },
    };
    const { layers, similarity, definitions } = await findings(inspection);
    const absent = layers.map(({ name, featureWeights }): [string, string[]] => [
      name,
      featureWeights.filter((weight) => weight.absent).map(({ feature }) => feature),
    ]);
    return {
      version: ANALYSIS_VERSION,
      experiment: experiment.name,
      seed: experiment.seed,
      epoch: options.epoch,
      step: options.step,
      backend: backend.reason,
      dataHash: data.hash,
      samples: { train: data.train.size, test: data.test.size },
      definitions: { ...definitions },
      layers,
      similarity,
      absent: {
        threshold: absentThreshold(data.population === null),
        byLayer: Object.fromEntries(absent),
      },
      theory: expectedWeights(experiment, data),
    };
  } finally {
    await products.dispose();
  }
};

/** All layers are read by one program; the input too, since it is what gains are relative to. */
const findings = async (inspection: Inspection): Promise<Findings> => {
  const { backend, model, variables, data, layers } = inspection;
  const input = tapLayers(model.layers, [model.layers[0].name]);
  const read = layers.some(({ part }) => part === 'input') ? layers : [...input, ...layers];
  const reader = await openReader(backend, model, variables, read, data.shape);
  try {
    return data.population === null
      ? await analyseSamples(inspection, reader, read)
      : await analysePopulation(inspection, data.population, reader);
  } finally {
    await reader.dispose();
  }
};
