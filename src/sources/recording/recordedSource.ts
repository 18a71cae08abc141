import { type LabelledSet, rowKeys } from '../../data/index.ts';
import { type InspectionSpec, TOKEN_POOLINGS } from '../../experiment/index.ts';
import { formatCount, inputFault, matchesGlob, shown } from '../../protocol/index.ts';
import type { Classifier, Source, SourceLayer } from '../source.ts';
import type { RecordingDescription } from './description.ts';
import { examine } from './examination.ts';
import { mostHeld } from './heldSamples.ts';
import type { RecordedColumn } from './recordedColumns.ts';
import type { RecordedLayer } from './recordedLayers.ts';
import { chunkOf, openReader, rowsAt } from './recordedReader.ts';
import { type RecordedSet, recordedSets, type Splitting } from './recordedSets.ts';

/** What an inspection file says about its recording, or its model. */
export type RecordingSpec = Partial<
  Pick<InspectionSpec, 'layout' | 'tokens' | 'labels' | 'split' | 'input' | 'projection' | 'samples'>
>;

/** What is asked of a recording. */
export interface RecordingOptions extends Omit<Splitting, 'most'>, RecordingSpec {
  readonly name: string;
  readonly layers: 'all' | readonly string[];
  /** Whether splits are whole however large they are, because they are only embedded. */
  readonly isWhole?: boolean;
  /** Folder that files of labels are relative to. Default: that of the recording. */
  readonly baseDirectory?: string;
}

/** A source that has to be closed after use. */
export interface OpenRecording {
  readonly source: Source;
  /** All samples in their order, whatever their split. */
  readonly all: LabelledSet;
  /** Names of the labels; there may be groups besides. */
  readonly labels: readonly string[];
  /** That of the inspection that it was recorded for, if it says so. */
  readonly seed: number | null;
  /** What was found and not said, as an inspection file says it. */
  readonly found: RecordingSpec;
  /** The same in words, and what was assumed for it. */
  readonly assumed: readonly string[];
  close(): Promise<void>;
}

/** The parts of a recording, whatever its layout. */
export interface Recorded {
  readonly samples: number;
  readonly layers: readonly RecordedLayer[];
  readonly columns: ReadonlyMap<string, RecordedColumn>;
  readonly labels: readonly string[];
  readonly split: RecordedColumn | null;
  readonly splitNames: readonly string[] | null;
  readonly description: RecordingDescription;
  readonly classifier: Classifier | null;
  readonly found: RecordingSpec;
  readonly assumed: readonly string[];
  /** See `Source`. */
  readonly stamp: string | null;
  readonly isReadApart: boolean;
}

/** Several numbers are held for each sample. */
const MOST_SAMPLES = 2 ** 28;

/**
 * A source of what was recorded, or is read from a model with data.
 * @throws Fault (input) for labels that cannot be used, and for a layer that there is not.
 */
export const sourceOf = async (
  recorded: Recorded,
  options: RecordingOptions,
  close: () => Promise<void>,
): Promise<OpenRecording> => {
  const { description, layers, classifier, samples } = recorded;
  if (samples > MOST_SAMPLES) {
    throw inputFault(
      `says ${formatCount(samples)} samples, more than ${formatCount(MOST_SAMPLES)}`,
      recorded.layers[0].where,
      'Check its shape, or record fewer',
    );
  }
  const all = sourceLayers(recorded, { ...recorded.found, ...options });
  const chosen = chosenLayers(all, options.layers);
  const input = all.find(({ role }) => role === 'input') ?? all[0];
  const read = layers.filter(({ name }) => [input, ...chosen].some((layer) => layer.name === name));
  const width = read.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const sets = await recordedSets(recorded, description, {
    ...options,
    most: options.isWhole === true ? undefined : (options.samples ?? mostHeld(width)),
  });
  const { splits, sampled, test } = sets;
  const source: Source = {
    name: options.name,
    seed: options.seed,
    epoch: description.epoch ?? 0,
    step: description.step ?? 0,
    stamp: recorded.stamp,
    isReadApart: recorded.isReadApart,
    examine: (asked) => examine({ ...recorded, layers: read, test }, asked),
    layers: chosen,
    input,
    splits,
    sampled,
    factorSource: description.coordinates === true ? 'coordinate' : 'factor',
    trainingLabel: description.trainingLabel ?? null,
    isRescaled: description.isRescaled ?? false,
    exact: null,
    expected: { theory: null },
    classifierOf: (layer) => (layer === description.classifier ? classifier : null),
    repeated: (of, another) => repeatedRows(layers[0], of, another),
    open: async (asked) => openReader(layers, asked),
    openUntrained: null,
    isUntrainedCheap: false,
  };
  const order = splits.train.factors.map(({ name }) => name);
  return {
    source,
    all: sets.all,
    labels: order.filter((name) => recorded.labels.includes(name)),
    seed: description.seed ?? null,
    found: recorded.found,
    assumed: recorded.assumed,
    close,
  };
};

/**
 * The layers with their parts and roles. Unless the recording or the inspection says otherwise, they are those of an encoder,
 * whose last one is the one before a projection.
 */
const sourceLayers = ({ layers, description }: Recorded, options: RecordingOptions): SourceLayer[] => {
  const names = layers.map(({ name }) => name);
  const { input = names[0] === 'input' ? 'input' : undefined, projection } = options;
  const at = (name: string | undefined, key: string): number => {
    if (name === undefined) return -1;
    const found = names.indexOf(name);
    if (found >= 0) return found;
    throw unknownLayer(name, names, key);
  };
  const inputAt = at(input, '/input');
  const before = projection === undefined ? names.length - 1 : at(projection.before, '/projection/before');
  const after = at(projection?.after, '/projection/after');
  return layers.map(({ name, dimensions, pooling }, place): SourceLayer => {
    const own = description.layers?.[name];
    if (own !== undefined) return { name, dimensions, ...own };
    const isInput = place === inputAt;
    const part = isInput ? 'input' : place > before ? 'head' : 'encoder';
    const role = isInput
      ? 'input'
      : place === after
        ? 'post-projection'
        : place === before
          ? 'pre-projection'
          : 'inner';
    return { name, part, role, dimensions, pooling };
  });
};

/** In the order that is asked for; a pattern means the layers that match it, in the order of the recording. */
const chosenLayers = (all: readonly SourceLayer[], asked: RecordingOptions['layers']): SourceLayer[] => {
  if (asked === 'all') return [...all];
  const known = all.map(({ name }) => name);
  const chosen = new Set<SourceLayer>();
  for (const [index, pattern] of asked.entries()) {
    const own = all.filter(({ name }) => name === pattern || isPoolingOf(name, pattern));
    const found = own.length > 0 ? own : all.filter(({ name }) => matchesGlob(pattern, name));
    if (found.length === 0) throw unknownLayer(pattern, known, `/layers/${index}`);
    for (const layer of found) chosen.add(layer);
  }
  return [...chosen];
};

/** Whether a layer is another in one of the ways to pool it: `block.3:mean` of `block.3`. */
const isPoolingOf = (name: string, layer: string): boolean =>
  name.startsWith(`${layer}:`) && TOKEN_POOLINGS.some((pooling) => name === `${layer}:${pooling}`);

const MOST_NAMED = 30;

export const unknownLayer = (name: string, known: readonly string[], where: string): Error => {
  const more = known.length > MOST_NAMED ? `, and ${known.length - MOST_NAMED} more` : '';
  return inputFault(
    `there is no layer ${shown(name)}`,
    where,
    known.length === 0
      ? 'There are no layers'
      : `Choose from ${known.slice(0, MOST_NAMED).join(', ')}${more}`,
  );
};

/** By the rows of the first layer: the input, or what is nearest to it. */
const repeatedRows = async (layer: RecordedLayer, of: LabelledSet, another: LabelledSet): Promise<number> => {
  const chunk = chunkOf([layer]);
  const keysOf = async (set: LabelledSet): Promise<string[]> => {
    const { rows } = set as RecordedSet;
    const keys: string[] = [];
    for (let from = 0; from < rows.length; from += chunk) {
      const part = (await rowsAt([layer], rows.subarray(from, from + chunk), chunk)).get(layer)!;
      for (const key of rowKeys(part.data as Float32Array, part.columns)) keys.push(key);
    }
    return keys;
  };
  const known = new Set(await keysOf(another));
  return (await keysOf(of)).filter((key) => known.has(key)).length;
};
