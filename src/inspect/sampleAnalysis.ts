import type { LayerAnalysis } from '../protocol/index.ts';
import type { TensorData } from '../runtime/index.ts';
import type { LabelledLayer } from './collapse.ts';
import { definitionsOf } from './definitions.ts';
import { principalDirections } from './directions.ts';
import { type FeatureGauge, featureWeights, gaugeFactors } from './featureWeights.ts';
import type { Findings, Inspection } from './inspectModel.ts';
import { type Matrix, matrix } from './matrix.ts';
import { inequalityOf, sampleMeasures } from './measures.ts';
import { probeLayer } from './probes.ts';
import { type Reader, type Representations, readSplit } from './representations.ts';
import { similarityOf } from './similarity.ts';
import { sampleSpectra } from './spectra.ts';
import type { TappedLayer } from './tappedLayer.ts';
import { prepareTasks } from './task.ts';
import { readViews } from './views.ts';

/** Everything that is read from the model before anything is measured. */
interface Readings {
  readonly train: Representations;
  /** The test split first, then the shifts. */
  readonly tests: readonly Representations[];
  readonly views: Awaited<ReturnType<typeof readViews>>;
}

/** Analysis of sampled data: measures on the test split, probes trained on the train split. */
export const analyseSamples = async (
  inspection: Inspection,
  reader: Reader,
  read: readonly TappedLayer[],
): Promise<Findings> => {
  const { experiment, data, layers, products, signal } = inspection;
  const report = reporter(inspection, layers.length);
  const tasks = prepareTasks(experiment, data);
  const readings = await readEverything(inspection, reader, read, tasks.length > 0, report);
  const [test] = readings.tests;
  const input = test.get(read.find(({ part }) => part === 'input')!.name)!;
  const gauge = await gaugeOf(inspection, input);
  const analysed: LayerAnalysis[] = [];
  for (const layer of layers) {
    signal?.throwIfAborted();
    report.next(`measuring ${layer.name}`);
    const measured = await measureLayer(inspection, layer, test.get(layer.name)!, readings, gauge);
    report.next(`probing ${layer.name}`);
    const probes = await probeLayer(
      {
        train: readings.train.get(layer.name)!,
        tests: readings.tests.map((split) => split.get(layer.name)!),
      },
      tasks,
      inspection,
    );
    analysed.push({ ...measured, probes });
  }
  report.next('comparing layers');
  const similarity = await similarityOf(
    products,
    layers.map(({ name }) => test.get(name)!),
    signal,
  );
  return { layers: analysed, similarity, definitions: definitionsOf(inspection.views) };
};

/** Counts the parts of the work: reading the splits, then two parts a layer, then the comparison. */
const reporter = ({ onProgress, data }: Inspection, layers: number) => {
  const total = 3 + data.shifts.length + 2 * layers + 1;
  let done = 0;
  return {
    next(message: string): void {
      onProgress?.({ job: 'inspect', done: Math.min(done, total), total, message });
      done++;
    },
  };
};

const readEverything = async (
  { experiment, data, layers, views, signal }: Inspection,
  reader: Reader,
  read: readonly TappedLayer[],
  probed: boolean,
  report: { next(message: string): void },
): Promise<Readings> => {
  report.next('reading the train split');
  // Only probes learn from the train split.
  const train: Representations = probed ? await readSplit(reader, read, data.train, { signal }) : new Map();
  const tests: Representations[] = [];
  for (const dataSet of [data.test, ...(probed ? data.shifts : [])]) {
    report.next(`reading ${dataSet.name}`);
    tests.push(await readSplit(reader, read, dataSet, { signal }));
  }
  report.next('reading augmented views');
  return { train, tests, views: await readViews(experiment, data.test, reader, layers, views, { signal }) };
};

/** Factors where the data has them; otherwise the principal directions of the input. */
const gaugeOf = async ({ experiment, data, products }: Inspection, input: Matrix): Promise<FeatureGauge> => {
  if (data.test.factors.length === 0) return principalDirections(products, input);
  const source = experiment.data.kind === 'synthetic' ? 'coordinate' : 'factor';
  return gaugeFactors(products, data.test, input, experiment.seed, source);
};

const measureLayer = async (
  inspection: Inspection,
  layer: TappedLayer,
  test: Matrix,
  { views }: Readings,
  gauge: FeatureGauge,
): Promise<Omit<LayerAnalysis, 'probes'>> => {
  const { products } = inspection;
  const spectra = await sampleSpectra(products, test);
  const weights = featureWeights(await gauge(test));
  const viewed = views?.get(layer.name) ?? null;
  const { measures, viewCorrelation } = await sampleMeasures(
    products,
    { test, spectra, viewed },
    labelledLayer(inspection, layer),
  );
  return {
    name: layer.name,
    part: layer.part,
    role: layer.role,
    dimensions: layer.dimensions,
    samples: test.rows,
    pooling: layer.pooling,
    singularValues: [...spectra.singularValues],
    centredSingularValues: [...spectra.centredSingularValues],
    measures,
    featureWeights: weights,
    inequality: inequalityOf(weights),
    viewCorrelation: [...viewCorrelation],
  };
};

/** The training label on the test split, and the classifier that reads this layer; null for a loss without labels. */
const labelledLayer = (
  { experiment, data, model, variables }: Inspection,
  layer: TappedLayer,
): LabelledLayer | null => {
  const { loss } = experiment;
  if (!('label' in loss)) return null;
  const label = data.test.factors.find(({ name }) => name === loss.label);
  if (label?.kind !== 'categorical') return null;
  const below = model.layers[model.layers.findIndex(({ part }) => part === 'classifier') - 1];
  return {
    labels: label.values,
    classes: label.classes.length,
    classifier: below?.name === layer.name ? classifierOf(variables) : null,
  };
};

const classifierOf = (variables: Readonly<Record<string, TensorData>>): LabelledLayer['classifier'] => {
  const weight = variables['classifier.weight'];
  if (weight === undefined) return null;
  const [classes, width] = weight.shape;
  return {
    weights: matrix(classes, width, Float64Array.from(weight.data)),
    bias: Float64Array.from(variables['classifier.bias']?.data ?? new Float64Array(classes)),
  };
};
