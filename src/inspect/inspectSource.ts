import { ANALYSIS_VERSION, type Analysis, formatCount, shown } from '../protocol/index.ts';
import { type Source, VIEW_SIZES } from '../sources/index.ts';
import { Products } from './algebra/products.ts';
import { cautionsOf } from './cautions.ts';
import { examineSource } from './examineSource.ts';
import { absentThreshold } from './featureWeights/featureWeights.ts';
import type { Findings, Inspection, InspectOptions } from './inspection.ts';
import { analysePopulation } from './populationAnalysis.ts';
import { usualMethodOf } from './probes/probeLayer.ts';
import { analyseSamples } from './sampleAnalysis.ts';

/**
 * Reads every layer of a source over its splits (or takes exact moments through it) and measures it. A value that cannot
 * be computed is a cell with a note.
 *
 * @throws Fault (input) for a factor that the questions cannot ask for; Fault (run) for a representation that is not
 * finite, naming the layer; the signal's reason when cancelled.
 */
export const inspectSource = async (options: InspectOptions): Promise<Analysis> => {
  const { asked, backend } = options;
  const products = new Products(backend);
  try {
    const { hash, leftOut, moments } = await examineSource(options, products);
    const source = without(options.source, leftOut);
    const found = await findings({
      ...options,
      source,
      products,
      views: { ...VIEW_SIZES, ...options.views },
      untrained: options.untrained ?? false,
      dataHash: hash,
      moments,
    });
    const cautions = [
      ...[...leftOut].map(([layer, why]) => `layer ${shown(layer)} is left out: ${why}`),
      ...sampledCaution(source, found),
      ...(source.exact === null ? await cautionsOf(asked, source) : []),
    ];
    const { train, test } = source.splits;
    return {
      version: ANALYSIS_VERSION,
      experiment: source.name,
      seed: source.seed,
      epoch: source.epoch,
      step: source.step,
      backend: backend.reason,
      dataHash: hash,
      samples: { train: train.size, test: test.size },
      ...(cautions.length === 0 ? {} : { cautions }),
      usualMethod: usualMethodOf(asked, source),
      ...found,
      absent: {
        threshold: absentThreshold(source.exact === null),
        byLayer: absentFeatures(found),
      },
      ...source.expected,
    };
  } finally {
    await products.dispose();
  }
};

/** What of sampled splits is of their parts, and what is not. */
const sampledCaution = ({ sampled, splits }: Source, { layers }: Findings): string[] => {
  if (sampled === null) return [];
  const { train, validation, test, shifts } = splits;
  const parts = [train, ...(validation === null ? [] : [validation]), test, ...shifts].flatMap(
    ({ name, size }) => {
      const whole = sampled.sizes.get(name) ?? size;
      return size < whole ? [`${formatCount(size)} of ${formatCount(whole)} ${name} samples`] : [];
    },
  );
  const whole = layers.filter(({ samples }) => samples > test.size);
  const spectra =
    whole.length === 0
      ? 'everything is'
      : `spectra ${whole.length === layers.length ? '' : `of ${whole.length} layers `}are of all ${formatCount(whole[0].samples)} test samples; everything else is`;
  return [`${spectra} of a seeded part: ${parts.join(', ')}`];
};

/** The source with the layers that can be measured. If its input cannot, the first one that can takes its place. */
const without = (source: Source, leftOut: ReadonlyMap<string, string>): Source => {
  if (leftOut.size === 0) return source;
  const layers = source.layers.filter(({ name }) => !leftOut.has(name));
  return { ...source, layers, input: leftOut.has(source.input.name) ? layers[0] : source.input };
};

/** All layers are read at once; including the input, because gains are relative to it. */
const findings = async (inspection: Inspection): Promise<Findings> => {
  const { source } = inspection;
  const { layers, input, exact } = source;
  const read = layers.some(({ name }) => name === input.name) ? layers : [input, ...layers];
  const reader = await source.open(read);
  try {
    return exact === null
      ? await analyseSamples(inspection, reader, read)
      : await analysePopulation(inspection, exact, reader);
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
