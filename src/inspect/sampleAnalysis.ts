import type { LayerAnalysis } from '../protocol/index.ts';
import { definitionsOf } from './definitions.ts';
import { principalDirections } from './featureWeights/directions.ts';
import {
  confirmedByProbes,
  type FeatureGauge,
  featureWeights,
  gaugeFactors,
} from './featureWeights/featureWeights.ts';
import type { Findings, Inspection } from './inspection.ts';
import { labelledLayer } from './measures/labelledLayer.ts';
import { inequalityOf, sampleMeasures } from './measures/measures.ts';
import { similarityOf } from './measures/similarity.ts';
import { sampleSpectra } from './measures/spectra.ts';
import { probeLayer } from './probes/probeLayer.ts';
import { prepareTasks } from './probes/task.ts';
import { type Reader, readSplit } from './reader.ts';
import type { Representation, Representations } from './representation.ts';
import type { TappedLayer } from './tappedLayer.ts';
import { viewCorrelation } from './views/viewCorrelation.ts';
import { readViews, type ViewedLayer } from './views/views.ts';

/** Everything that is read from the model before anything is measured. */
interface Readings {
  readonly train: Representations;
  /** The test split first, then the shifts. */
  readonly tests: readonly Representations[];
  readonly views: ReadonlyMap<string, ViewedLayer> | null;
}

/** Reports what is done next. */
type Report = (message: string) => void;

/** Analysis of sampled data: measures on the test split, probes trained on the train split. */
export const analyseSamples = async (
  inspection: Inspection,
  reader: Reader,
  read: readonly TappedLayer[],
): Promise<Findings> => {
  const { experiment, data, layers, products, signal } = inspection;
  const report = reporter(inspection);
  const tasks = prepareTasks(experiment, data);
  const { train, tests, views } = await readEverything(inspection, reader, read, tasks.length > 0, report);
  const [test] = tests;
  const gauge = await gaugeOf(inspection, test.get(read.find(({ part }) => part === 'input')!.name)!);
  const analysed: LayerAnalysis[] = [];
  for (const layer of layers) {
    const { name } = layer;
    signal?.throwIfAborted();
    report(`measuring ${name}`);
    const measured = await measureLayer(inspection, layer, test.get(name)!, views?.get(name) ?? null, gauge);
    report(`probing ${name}`);
    const splits = { train: train.get(name)!, tests: tests.map((split) => split.get(name)!) };
    const probes = await probeLayer(splits, tasks, inspection);
    const featureWeights = confirmedByProbes(measured.featureWeights, probes);
    analysed.push({ ...measured, featureWeights, probes });
  }
  report('comparing layers');
  const similarity = await similarityOf(
    products,
    layers.map(({ name }) => test.get(name)!),
    signal,
  );
  return { definitions: definitionsOf(inspection.views), layers: analysed, similarity };
};

/** Counts the parts of the work: reading the splits and the views, then two parts per layer, then the comparison. */
const reporter = ({ onProgress, data, layers }: Inspection): Report => {
  const total = 3 + data.shifts.length + 2 * layers.length + 1;
  let done = 0;
  return (message) => {
    onProgress?.({ job: 'inspect', done, total, message });
    done++;
  };
};

const readEverything = async (
  inspection: Inspection,
  reader: Reader,
  read: readonly TappedLayer[],
  probed: boolean,
  report: Report,
): Promise<Readings> => {
  const { data, signal } = inspection;
  report('reading the train split');
  // Only probes use the train split and the shifts.
  const train: Representations = probed ? await readSplit(reader, read, data.train, signal) : new Map();
  const tests: Representations[] = [];
  for (const dataSet of [data.test, ...(probed ? data.shifts : [])]) {
    report(`reading ${dataSet.name}`);
    tests.push(await readSplit(reader, read, dataSet, signal));
  }
  report('reading augmented views');
  return { train, tests, views: await readViews(inspection, reader) };
};

/** Factors if the data has them; otherwise the principal directions of the input. */
const gaugeOf = async (
  { experiment, data, products }: Inspection,
  input: Representation,
): Promise<FeatureGauge> => {
  if (data.test.factors.length === 0) return principalDirections(products, input);
  const source = experiment.data.kind === 'synthetic' ? 'coordinate' : 'factor';
  return gaugeFactors(products, data.test, input, experiment.seed, source);
};

const measureLayer = async (
  inspection: Inspection,
  layer: TappedLayer,
  test: Representation,
  viewed: ViewedLayer | null,
  gauge: FeatureGauge,
): Promise<Omit<LayerAnalysis, 'probes'>> => {
  const { products } = inspection;
  const spectra = await sampleSpectra(products, test);
  const weights = featureWeights(await gauge(test));
  return {
    ...layer,
    samples: test.rows,
    singularValues: [...spectra.singularValues],
    centredSingularValues: [...spectra.centredSingularValues],
    measures: await sampleMeasures(products, {
      test,
      spectra,
      viewed,
      labelled: labelledLayer(inspection, layer),
    }),
    featureWeights: weights,
    inequality: inequalityOf(weights),
    viewCorrelation: [...(await viewCorrelation(products, viewed))],
  };
};
