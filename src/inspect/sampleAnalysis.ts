import { type LayerAnalysis, PROBE_METHODS, type Probe, REGRESSION_METHODS } from '../protocol/index.ts';
import type {
  Representation,
  Representations,
  SourceLayer,
  SourceReader,
  ViewedLayer,
} from '../sources/index.ts';
import { type RepresentationSpectra, singularValueErrors } from '../spectrum/index.ts';
import { definitionsOf } from './definitions.ts';
import { principalDirections } from './featureWeights/directions.ts';
import {
  type FeatureGauge,
  featureWeights,
  gaugeFactors,
  withInformation,
} from './featureWeights/featureWeights.ts';
import type { Asked, Findings, Inspection } from './inspection.ts';
import { labelledLayer } from './measures/labelledLayer.ts';
import { inequalityOf, sampleMeasures } from './measures/measures.ts';
import { similarityOf } from './measures/similarity.ts';
import { sampleSpectra } from './measures/spectra.ts';
import { type Probed, probeLayer, usualMethodOf } from './probes/probeLayer.ts';
import { prepareTasks, type TaskGroup } from './probes/task.ts';
import { readSplits, type SplitData, type Splits, splitCount, splitsAt } from './readSplits.ts';
import { probeUntrained } from './untrained.ts';
import { viewCorrelation } from './views/viewCorrelation.ts';

/** Tasks on the same samples, with the representations of these. */
interface ProbedGroup {
  readonly splits: Splits;
  readonly own: Probed;
  /** Whether the samples are those of the source, whose features are measured. */
  readonly ofSource: boolean;
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
  reader: SourceReader,
  read: readonly SourceLayer[],
): Promise<Findings> => {
  const { source, asked, products, signal } = inspection;
  const { layers } = source;
  const groups = prepareTasks(asked, source);
  const usual = usualMethodOf(asked, source);
  const methods = [...asked.probes, ...REGRESSION_METHODS];
  const report = reporter(inspection, groups);
  const readings = await readEverything(inspection, reader, read, groups, report);
  const { test } = readings;
  const gauge = await gaugeOf(inspection, test.get(source.input.name)!);
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
    for (const { splits, own, ofSource } of readings.probed) {
      const found = await probeLayer(splitsAt(splits, name), own, methods, inspection);
      if (ofSource) featureWeights = withInformation(featureWeights, found, usual);
      for (const probe of found) probes.push(probe);
    }
    analysed.push({ ...measured, featureWeights, probes: inOrder(probes, asked) });
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
const inOrder = (probes: readonly Probe[], { downstream }: Asked): Probe[] => {
  const place = ({ method, task }: Probe): number =>
    PROBE_METHODS.indexOf(method) * downstream.length + downstream.findIndex(({ name }) => name === task);
  return [...probes].sort((a, b) => place(a) - place(b));
};

/**
 * Counts the parts of the work: reading the splits and the views, two parts per layer, the comparison, and for an untrained
 * encoder reading the splits and one part per layer.
 */
const reporter = ({ onProgress, source, untrained }: Inspection, groups: readonly TaskGroup[]): Report => {
  const { splits: data, layers } = source;
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
  reader: SourceReader,
  read: readonly SourceLayer[],
  groups: readonly TaskGroup[],
  report: Report,
): Promise<Readings> => {
  const { source, signal, views } = inspection;
  const { test: own } = source.splits;
  const probed: ProbedGroup[] = [];
  for (const group of groups) {
    probed.push({
      splits: await readSplits(reader, read, group.data, signal, report),
      own: group,
      ofSource: group.data.test === own,
    });
  }
  const shared = probed.find(({ ofSource }) => ofSource);
  // Only probes use the other splits.
  const test =
    shared?.splits.tests[0] ?? (await readSplits(reader, read, testOnly(own), signal, report)).tests[0];
  report('reading augmented views');
  return { test, probed, views: await reader.views(views, signal) };
};

const testOnly = (test: SplitData['test']): SplitData => ({
  train: null,
  validation: null,
  test,
  shifts: [],
});

/** Factors if the data has them; otherwise the principal directions of the input. */
const gaugeOf = async ({ source, products }: Inspection, input: Representation): Promise<FeatureGauge> => {
  const { splits, seed, factorSource } = source;
  if (splits.test.factors.length === 0) return principalDirections(products, input);
  return gaugeFactors(products, splits.test, input, seed, factorSource);
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
  layer: SourceLayer,
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
      labelled: labelledLayer(inspection.source, layer),
    }),
    featureWeights: featureWeights(gains),
    inequality: inequalityOf(gains),
    viewCorrelation: [...correlation.values],
    ...(correlation.errors === null ? {} : { viewCorrelationErrors: [...correlation.errors] }),
  };
};
