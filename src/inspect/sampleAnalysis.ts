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
import { probeLayer, usualMethodOf } from './probes/probeLayer.ts';
import { prepareTasks, type TaskGroup } from './probes/task.ts';
import { type Readings, readEverything } from './readings.ts';
import { probeUntrained } from './untrained.ts';
import { viewCorrelation } from './views/viewCorrelation.ts';
import { spectraOfMoments } from './wholeMoments.ts';

/** Analysis of sampled data: measures on the test split, probes trained on the train split. */
export const analyseSamples = async (
  inspection: Inspection,
  reader: SourceReader,
  read: readonly SourceLayer[],
): Promise<Findings> => {
  const { source, asked, products, signal } = inspection;
  const groups = prepareTasks(asked, source);
  const report = reporter(inspection, groups);
  const { layers, test } = await readAndAnalyse(inspection, reader, read, groups, report);
  const untrained = inspection.untrained ? await probeUntrained(inspection, groups, report) : null;
  report('comparing layers');
  const similarity = await similarityOf(
    products,
    source.layers.map(({ name }) => test.get(name)!),
    signal,
  );
  return { definitions: definitionsOf(inspection.views), layers, untrained, similarity };
};

/** The layers, and the test split that they are compared on: the memory of the other splits is free then. */
const readAndAnalyse = async (
  inspection: Inspection,
  reader: SourceReader,
  read: readonly SourceLayer[],
  groups: readonly TaskGroup[],
  report: Report,
): Promise<{ layers: LayerAnalysis[]; test: Representations }> => {
  const readings = await readEverything(inspection, reader, read, groups, report);
  return { layers: await analyseLayers(inspection, readings, report), test: readings.test };
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
    const before = known.get(name);
    report(before === undefined ? `measuring ${name}` : `${name} was measured before`);
    const measured =
      before ?? (await measureLayer(inspection, layer, test.get(name)!, views?.get(name) ?? null, gauge));
    report(before === undefined ? `probing ${name}` : `${name} was probed before`);
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
  for (const { splitsAt, own, ofSource } of probed) {
    const found = await probeLayer(await splitsAt(measured.name), own, methods, inspection);
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
