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
import { type Report, reporter } from './inspectionProgress.ts';
import { labelledLayer } from './measures/labelledLayer.ts';
import { inequalityOf, sampleMeasures } from './measures/measures.ts';
import { similarityOf } from './measures/similarity.ts';
import { sampleSpectra } from './measures/spectra.ts';
import { type Probed, probeLayer, usualMethodOf } from './probes/probeLayer.ts';
import { prepareTasks, type TaskGroup } from './probes/task.ts';
import { readSplits, type SplitData, type Splits, splitsAt } from './readSplits.ts';
import { probeUntrained } from './untrained.ts';
import { viewCorrelation } from './views/viewCorrelation.ts';
import { spectraOfMoments } from './wholeMoments.ts';

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

/** Analysis of sampled data: measures on the test split, probes trained on the train split. */
export const analyseSamples = async (
  inspection: Inspection,
  reader: SourceReader,
  read: readonly SourceLayer[],
): Promise<Findings> => {
  const { source, asked, products, signal } = inspection;
  const { layers } = source;
  const groups = prepareTasks(asked, source);
  const report = reporter(inspection, groups);
  const readings = await readEverything(inspection, reader, read, groups, report);
  const analysed = await analyseLayers(inspection, readings, report);
  const untrained = inspection.untrained ? await probeUntrained(inspection, groups, report) : null;
  report('comparing layers');
  const similarity = await similarityOf(
    products,
    layers.map(({ name }) => readings.test.get(name)!),
    signal,
  );
  return { definitions: definitionsOf(inspection.views), layers: analysed, untrained, similarity };
};

/** One layer after the other. Those that an inspection of the same samples found before it was ended are not analysed again. */
const analyseLayers = async (
  inspection: Inspection,
  readings: Readings,
  report: Report,
): Promise<LayerAnalysis[]> => {
  const { source, signal, found, dataHash } = inspection;
  const { test, views } = readings;
  const gauge = await gaugeOf(inspection, test.get(source.input.name)!);
  const known = new Map((await found?.layers(dataHash))?.map((layer) => [layer.name, layer]));
  const analysed: LayerAnalysis[] = [];
  for (const layer of source.layers) {
    const { name } = layer;
    signal?.throwIfAborted();
    report(`measuring ${name}`);
    const before = known.get(name);
    const measured =
      before ?? (await measureLayer(inspection, layer, test.get(name)!, views?.get(name) ?? null, gauge));
    report(`probing ${name}`);
    analysed.push(before ?? (await withProbes(inspection, measured, readings)));
    if (before === undefined && found?.isDue() === true) await found.keepLayers(dataHash, analysed);
  }
  return analysed;
};

const withProbes = async (
  inspection: Inspection,
  measured: Omit<LayerAnalysis, 'probes'>,
  { probed }: Readings,
): Promise<LayerAnalysis> => {
  const { source, asked } = inspection;
  const usual = usualMethodOf(asked, source);
  const methods = [...asked.probes, ...REGRESSION_METHODS];
  const probes: Probe[] = [];
  let { featureWeights } = measured;
  for (const { splits, own, ofSource } of probed) {
    const found = await probeLayer(splitsAt(splits, measured.name), own, methods, inspection);
    if (ofSource) featureWeights = withInformation(featureWeights, found, usual);
    for (const probe of found) probes.push(probe);
  }
  return { ...measured, featureWeights, probes: inOrder(probes, asked) };
};

/** By method, then as the experiment lists the tasks. */
const inOrder = (probes: readonly Probe[], { downstream }: Asked): Probe[] => {
  const place = ({ method, task }: Probe): number =>
    PROBE_METHODS.indexOf(method) * downstream.length + downstream.findIndex(({ name }) => name === task);
  return [...probes].sort((a, b) => place(a) - place(b));
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
  const { products, moments } = inspection;
  const whole = moments.get(layer.name);
  const ofWhole = whole === undefined ? null : spectraOfMoments(whole);
  const spectra = ofWhole ?? (await sampleSpectra(products, test));
  const samples = ofWhole === null ? test.rows : whole!.samples;
  const gains = await gauge(test);
  const correlation = await viewCorrelation(products, viewed);
  return {
    ...layer,
    samples,
    singularValues: [...spectra.singularValues],
    centredSingularValues: [...spectra.centredSingularValues],
    ...errorsOf(spectra),
    measures: await sampleMeasures(products, {
      test,
      spectra,
      samples,
      viewed,
      labelled: labelledLayer(inspection.source, layer),
    }),
    featureWeights: featureWeights(gains),
    inequality: inequalityOf(gains),
    viewCorrelation: [...correlation.values],
    ...(correlation.errors === null ? {} : { viewCorrelationErrors: [...correlation.errors] }),
  };
};
