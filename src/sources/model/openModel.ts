import { isAbsolute, join } from 'node:path';
import type { ModelDataSpec } from '../../experiment/index.ts';
import { formatCount, inputFault, matchesGlob, shown } from '../../protocol/index.ts';
import { type OnnxModel, openOnnxModel } from '../../runtime/index.ts';
import { type ColumnPlace, columnOf, type RecordedColumn } from '../recording/recordedColumns.ts';
import { RecordedFiles } from '../recording/recordedFiles.ts';
import {
  type OpenRecording,
  type Recorded,
  type RecordingOptions,
  sourceOf,
  unknownLayer,
} from '../recording/recordedSource.ts';
import { arrayInputs } from './arrayInputs.ts';
import { imageInputs } from './imageInputs.ts';
import { type ModelFile, readModelFile } from './modelFile.ts';
import type { ModelInputs } from './modelInputs.ts';
import { INPUT_LAYER, type LeftOut, modelLayers, type Tapped } from './modelLayers.ts';
import { modelStamp } from './modelStamp.ts';
import type { TappedLayer } from './tappedLayer.ts';
import { textInputs } from './textInputs.ts';

/** What is asked of a model. */
export interface ModelOptions extends RecordingOptions {
  readonly data: ModelDataSpec;
  readonly threads: number;
}

/** Dimensions of layers that are read by default: probes of wider ones take minutes. */
const WIDEST = 4096;

/** More are a mistake in a pattern. */
const MOST_TAPS = 1000;

/** A model that was opened: its layers are tensors of its graph. */
export interface OpenModel extends OpenRecording {
  /** By the names of layers. */
  readonly tapped: ReadonlyMap<string, TappedLayer>;
}

/**
 * A model with data as a source: its layers are tensors within it.
 * @throws Fault (input) for a model that cannot be run, data that it cannot take, and a tensor that it does not have.
 */
export const openModel = async (path: string, options: ModelOptions): Promise<OpenModel> => {
  const file = await readModelFile(path);
  const { taps, layers } = chosenTaps(file, options.layers);
  const model = await openOnnxModel(file, taps, { threads: options.threads, known: file.graph.outputs });
  const close = async (): Promise<void> => model.dispose();
  let inputs: ModelInputs | null = null;
  try {
    const baseDirectory = options.baseDirectory ?? '.';
    inputs = await openInputs(path, model, options.data, baseDirectory);
    const { tapped, ...recorded } = await readFrom(
      { path, file, model, inputs, taps },
      options,
      baseDirectory,
    );
    const opened = inputs;
    const { from, named } = filesOf(options.data, baseDirectory);
    const stamp = await modelStamp(file, from, named);
    const source = await sourceOf({ ...recorded, stamp }, { ...options, layers }, async () => {
      await opened.close();
      await close();
    });
    return { ...source, tapped };
  } catch (error) {
    await inputs?.close();
    await close();
    throw error;
  }
};

const readFrom = async (
  opened: Omit<Tapped, 'poolings' | 'widest'>,
  options: ModelOptions,
  baseDirectory: string,
): Promise<Omit<Recorded, 'stamp'> & Pick<OpenModel, 'tapped'>> => {
  const { path, inputs, taps } = opened;
  const { names: named, defaults } = opened.file;
  const isDefault = options.layers === 'all';
  const { layers, tapped, leftOut } = await modelLayers({
    ...opened,
    poolings: options.tokens ?? ['mean'],
    widest: isDefault ? WIDEST : null,
  });
  if (!isDefault) refuseLeftOut(leftOut, path);
  const files = await RecordedFiles.of(path);
  const place: ColumnPlace = { files, layout: null, ...inputs, baseDirectory };
  const columns = new Map<string, RecordedColumn>(inputs.columns);
  for (const [name, spec] of Object.entries(options.labels ?? {})) {
    columns.set(name, await columnOf(spec, place, `/labels/${name}`));
  }
  const split = options.split === undefined ? inputs.split : await columnOf(options.split, place, '/split');
  const names = new Set(layers.map(({ name }) => name));
  const { head } = defaults;
  const [before, after] = [head?.before, head?.after].map((tensor) => named.get(tensor ?? '') ?? '');
  const hasHead = isDefault && names.has(before) && names.has(after);
  return {
    samples: inputs.samples,
    layers,
    tapped,
    columns,
    labels: [...columns.keys()],
    split,
    splitNames: inputs.splitNames,
    description: { version: 1 },
    classifier: null,
    isReadApart: false,
    found: hasHead ? { projection: { before, after } } : {},
    assumed: [
      ...inputs.assumed,
      ...opened.file.assumed,
      ...(isDefault
        ? [
            `layers: ${formatCount(taps.length - leftOut.length)} of ${formatCount(named.size)} tensors, the ends of blocks and the layers of the head`,
            ...leftOut.map(({ tensor, why }) => `${shown(tensor)} ${why}`),
          ]
        : []),
    ],
  };
};

/** @throws Fault (input) for a tensor that was asked for and is no layer. */
const refuseLeftOut = ([first]: readonly LeftOut[], path: string): void => {
  if (first === undefined) return;
  throw inputFault(`tensor ${shown(first.tensor)} ${first.why}`, path, 'Name another one in "layers"');
};

const openInputs = (
  path: string,
  { inputs }: OnnxModel,
  data: ModelDataSpec,
  baseDirectory: string,
): Promise<ModelInputs> => {
  const { from, config, tokenizer } = filesOf(data, baseDirectory);
  if (data.kind === 'arrays') return arrayInputs(from, inputs, data.inputs);
  if (data.kind === 'text') return textInputs(from, { path, ports: inputs }, { ...data, tokenizer });
  const preprocess = config === undefined ? data.preprocess : { ...data.preprocess, config };
  return imageInputs(from, { path, ports: inputs }, preprocess);
};

/** Paths of the data, and of the other files that it names. */
const filesOf = (data: ModelDataSpec, baseDirectory: string) => {
  const inside = (place: string): string => (isAbsolute(place) ? place : join(baseDirectory, place));
  const given = (place: string | undefined) => (place === undefined ? undefined : inside(place));
  const config = given(data.kind === 'images' ? data.preprocess?.config : undefined);
  const tokenizer = given(data.kind === 'text' ? data.tokenizer : undefined);
  const named = [config, tokenizer].filter((path) => path !== undefined);
  return { from: inside(data.path), config, tokenizer, named };
};

/** The tensors that are read, and the layers that are asked for by their names. */
interface ChosenTaps {
  /** In the order in which the model computes them. */
  readonly taps: readonly string[];
  readonly layers: RecordingOptions['layers'];
}

/** By names or patterns of layers, or of tensors. @throws Fault (input) for one without a tensor. */
const chosenTaps = (
  { names, defaults: { taps } }: ModelFile,
  asked: RecordingOptions['layers'],
): ChosenTaps => {
  if (asked === 'all') return { taps, layers: asked };
  const chosen = new Set<string>();
  const layers: string[] = [];
  for (const [index, pattern] of asked.entries()) {
    const name = pattern.replace(/:(?:mean|first|last|max)$/, '');
    const tensorsOf = (fits: (tensor: string, layer: string) => boolean): string[] =>
      [...names].flatMap(([tensor, layer]) => (fits(tensor, layer) ? [tensor] : []));
    // The input itself is always read, if it can be a layer.
    if (pattern === INPUT_LAYER && ![...names.values()].includes(INPUT_LAYER)) {
      layers.push(pattern);
      continue;
    }
    const exact = tensorsOf((_, layer) => layer === pattern || layer === name);
    const byName = exact.length > 0 ? exact : tensorsOf((_, layer) => matchesGlob(pattern, layer));
    const found = byName.length > 0 ? byName : tensorsOf((tensor) => matchesGlob(pattern, tensor));
    if (found.length === 0) {
      const known = taps.map((tensor) => names.get(tensor) ?? tensor);
      throw unknownLayer(pattern, known, `/layers/${index}`);
    }
    for (const tensor of found) chosen.add(tensor);
    for (const layer of byName.length > 0 ? [pattern] : found.map((tensor) => names.get(tensor) ?? tensor)) {
      layers.push(layer);
    }
  }
  if (chosen.size > MOST_TAPS) {
    throw inputFault(
      `names ${formatCount(chosen.size)} tensors, more than ${formatCount(MOST_TAPS)}`,
      '/layers',
      'Use narrower patterns',
    );
  }
  return { taps: [...names.keys()].filter((tensor) => chosen.has(tensor)), layers };
};
