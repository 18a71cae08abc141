import type { Data } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { type LayerAnalysis, PROBE_METHODS, type Probe, REGRESSION_METHODS } from '../protocol/index.ts';
import { type RepresentationSpectra, singularValueErrors } from '../spectrum/index.ts';
import { definitionsOf } from './definitions.ts';
import { principalDirections } from './featureWeights/directions.ts';
import {
  type FeatureGauge,
  featureWeights,
  gaugeFactors,
  withInformation,
} from './featureWeights/featureWeights.ts';
import type { Findings, Inspection } from './inspection.ts';
import { labelledLayer } from './measures/labelledLayer.ts';
import { inequalityOf, sampleMeasures } from './measures/measures.ts';
import { similarityOf } from './measures/similarity.ts';
import { sampleSpectra } from './measures/spectra.ts';
import { type Probed, probeLayer, usualMethodOf } from './probes/probeLayer.ts';
import { prepareTasks, type TaskGroup } from './probes/task.ts';
import type { Reader } from './reader.ts';
import type { Representation, Representations } from './representation.ts';
import { readSplits, type SplitData, type Splits, splitCount, splitsAt } from './splits.ts';
import type { TappedLayer } from './tappedLayer.ts';
import { probeUntrained } from './untrained.ts';
import { viewCorrelation } from './views/viewCorrelation.ts';
import { readViews, type ViewedLayer } from './views/views.ts';

/** Tasks on the same samples, with the representations of these. */
interface ProbedGroup {
  readonly splits: Splits;
  readonly own: Probed;
  /** Whether the samples are those of the run, whose features are measured. */
  readonly ofRun: boolean;
}

/** Everything that is read from the model before anything is measured. */
interface Readings {
  /** The test split. */
  readonly test: Representations;
  /** Of the tasks with the same samples. */
  readonly probed: readonly ProbedGroup[];
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
  const groups = prepareTasks(experiment, data);
  const usual = usualMethodOf(experiment);
  const methods = [...experiment.probes, ...REGRESSION_METHODS];
  const report = reporter(inspection, groups);
  const readings = await readEverything(inspection, reader, read, groups, report);
  const { test } = readings;
  const gauge = await gaugeOf(inspection, test.get(read.find(({ part }) => part === 'input')!.name)!);
  const analysed: LayerAnalysis[] = [];
  for (const layer of layers) {
    const { name } = layer;
    signal?.throwIfAborted();
    report(`measuring ${name}`);
    const measured = await measureLayer(
      inspection,
      layer,
      test.get(name)!,
      readings.views?.get(name) ?? null,
      gauge,
    );
    report(`probing ${name}`);
    const probes: Probe[] = [];
    let { featureWeights } = measured;
    for (const { splits, own, ofRun } of readings.probed) {
      const found = await probeLayer(splitsAt(splits, name), own, methods, inspection);
      if (ofRun) featureWeights = withInformation(featureWeights, found, usual);
      for (const probe of found) probes.push(probe);
    }
    analysed.push({ ...measured, featureWeights, probes: inOrder(probes, experiment) });
  }
  const untrained = inspection.untrained ? await probeUntrained(inspection, groups, report) : null;
  report('comparing layers');
  const similarity = await similarityOf(
    products,
    layers.map(({ name }) => test.get(name)!),
    signal,
  );
  return { definitions: definitionsOf(inspection.views), layers: analysed, untrained, similarity };
};

/** By method, then as the experiment lists the tasks. */
const inOrder = (probes: readonly Probe[], { downstream }: Experiment): Probe[] => {
  const place = ({ method, task }: Probe): number =>
    PROBE_METHODS.indexOf(method) * downstream.length + downstream.findIndex(({ name }) => name === task);
  return [...probes].sort((a, b) => place(a) - place(b));
};

/**
 * Counts the parts of the work: reading the splits and the views, two parts per layer, the comparison, and for an untrained
 * encoder reading the splits and one part per layer.
 */
const reporter = (
  { onProgress, data, layers, untrained }: Inspection,
  groups: readonly TaskGroup[],
): Report => {
  const ofTasks = groups.reduce((sum, group) => sum + splitCount(group.data), 0);
  const splits = groups.some((group) => group.data.test === data.test) ? ofTasks : ofTasks + 1;
  const total = splits + 1 + 2 * layers.length + 1 + (untrained ? ofTasks + layers.length : 0);
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
  groups: readonly TaskGroup[],
  report: Report,
): Promise<Readings> => {
  const { data, signal } = inspection;
  const probed: ProbedGroup[] = [];
  for (const group of groups) {
    probed.push({
      splits: await readSplits(reader, read, group.data, signal, report),
      own: group,
      ofRun: group.data.test === data.test,
    });
  }
  const shared = probed.find(({ ofRun }) => ofRun);
  // Only probes use the other splits.
  const test =
    shared?.splits.tests[0] ?? (await readSplits(reader, read, testOnly(data), signal, report)).tests[0];
  report('reading augmented views');
  return { test, probed, views: await readViews(inspection, reader) };
};

const testOnly = ({ test }: Data): SplitData => ({ train: null, validation: null, test, shifts: [] });

/** Factors if the data has them; otherwise the principal directions of the input. */
const gaugeOf = async (
  { experiment, data, products }: Inspection,
  input: Representation,
): Promise<FeatureGauge> => {
  if (data.test.factors.length === 0) return principalDirections(products, input);
  const source = experiment.data.kind === 'synthetic' ? 'coordinate' : 'factor';
  return gaugeFactors(products, data.test, input, experiment.seed, source);
};

/** None for a layer that has too many dimensions for them. */
const errorsOf = ({
  singularValues,
  centredSingularValues,
  energies,
}: RepresentationSpectra): Pick<LayerAnalysis, 'singularValueErrors' | 'centredSingularValueErrors'> =>
  energies === null
    ? {}
    : {
        singularValueErrors: [...singularValueErrors(energies.uncentred, singularValues)],
        centredSingularValueErrors: [...singularValueErrors(energies.centred, centredSingularValues)],
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
  const gains = await gauge(test);
  const correlation = await viewCorrelation(products, viewed);
  return {
    ...layer,
    samples: test.rows,
    singularValues: [...spectra.singularValues],
    centredSingularValues: [...spectra.centredSingularValues],
    ...errorsOf(spectra),
    measures: await sampleMeasures(products, {
      test,
      spectra,
      viewed,
      labelled: labelledLayer(inspection, layer),
    }),
    featureWeights: featureWeights(gains),
    inequality: inequalityOf(gains),
    viewCorrelation: [...correlation.values],
    ...(correlation.errors === null ? {} : { viewCorrelationErrors: [...correlation.errors] }),
  };
};
