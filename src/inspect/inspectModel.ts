import { ANALYSIS_VERSION, type Analysis } from '../protocol/index.ts';
import { Products } from './algebra/products.ts';
import { cautionsOf } from './cautions.ts';
import { expectedWeights } from './featureWeights/expectedWeights.ts';
import { absentThreshold } from './featureWeights/featureWeights.ts';
import type { Findings, Inspection, InspectOptions } from './inspection.ts';
import { analysePopulation } from './populationAnalysis.ts';
import { usualMethodOf } from './probes/probeLayer.ts';
import { openReader } from './reader.ts';
import { analyseSamples } from './sampleAnalysis.ts';
import { tapLayers } from './tappedLayer.ts';
import { VIEW_SIZES } from './views/views.ts';

/**
 * Reads every tapped layer over the train and test splits and the shifts (or takes exact moments through it, for
 * population data) and measures it. A value that cannot be computed is a cell with a note.
 *
 * @throws Fault (input) for a layer, factor or model that the experiment cannot ask for; Fault (run) for a
 * representation that is not finite, naming the layer; the signal's reason when cancelled.
 */
export const inspectModel = async (options: InspectOptions): Promise<Analysis> => {
  const { experiment, data, model, backend, epoch, step } = options;
  const products = new Products(backend);
  try {
    const found = await findings({
      ...options,
      layers: tapLayers(model.layers, experiment),
      products,
      views: { ...VIEW_SIZES, ...options.views },
      untrained: options.untrained ?? false,
    });
    const cautions = data.population === null ? cautionsOf(experiment, data) : [];
    return {
      version: ANALYSIS_VERSION,
      experiment: experiment.name,
      seed: experiment.seed,
      epoch,
      step,
      backend: backend.reason,
      dataHash: data.hash,
      samples: { train: data.train.size, test: data.test.size },
      ...(cautions.length === 0 ? {} : { cautions }),
      usualMethod: usualMethodOf(experiment),
      ...found,
      absent: {
        threshold: absentThreshold(data.population === null),
        byLayer: absentFeatures(found),
      },
      ...expectedWeights(experiment, data),
    };
  } finally {
    await products.dispose();
  }
};

/** All layers are read by one program; including the input, because gains are relative to it. */
const findings = async (inspection: Inspection): Promise<Findings> => {
  const { experiment, model, variables, data, layers } = inspection;
  const input = tapLayers(model.layers, { ...experiment, layers: [model.layers[0].name] });
  const read = layers.some(({ part }) => part === 'input') ? layers : [...input, ...layers];
  const reader = await openReader(inspection, variables, read);
  try {
    return data.population === null
      ? await analyseSamples(inspection, reader, read)
      : await analysePopulation(inspection, data.population, reader);
  } finally {
    await reader.dispose();
  }
};

const absentFeatures = ({ layers }: Findings): Analysis['absent']['byLayer'] =>
  Object.fromEntries(
    layers.map(({ name, featureWeights }) => [
      name,
      featureWeights.filter(({ absent }) => absent).map(({ feature }) => feature),
    ]),
  );
