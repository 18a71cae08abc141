import { isAbsolute, join } from 'node:path';
import { type GraphStructure, readGraphStructure } from '../../checkpoint/index.ts';
import type { ModelDataSpec } from '../../experiment/index.ts';
import { formatCount, inputFault, matchesGlob } from '../../protocol/index.ts';
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
import type { ModelInputs } from './modelInputs.ts';
import { modelLayers } from './modelLayers.ts';
import { allTaps, type DefaultTaps, defaultTaps } from './taps.ts';

/** What is asked of a model. */
export interface ModelOptions extends RecordingOptions {
  readonly data: ModelDataSpec;
  readonly threads: number;
}

/** More are a mistake in a pattern. */
const MOST_TAPS = 1000;

/**
 * An ONNX model with data as a source: its layers are tensors within it.
 * @throws Fault (input) for a model that cannot be run, data that it cannot take, and a tensor that it does not have.
 */
export const openModel = async (path: string, options: ModelOptions): Promise<OpenRecording> => {
  const graph = await readGraphStructure(path);
  const defaults = defaultTaps(graph);
  const taps = chosenTaps(graph, defaults, options.layers);
  const model = await openOnnxModel(path, taps, { threads: options.threads, known: graph.outputs });
  const close = async (): Promise<void> => model.dispose();
  let inputs: ModelInputs | null = null;
  try {
    const baseDirectory = options.baseDirectory ?? '.';
    inputs = await openInputs(path, model, options.data, baseDirectory);
    const recorded = await readFrom({ path, graph, model, inputs, taps, defaults }, options, baseDirectory);
    const opened = inputs;
    return await sourceOf(recorded, options, async () => {
      await opened.close();
      await close();
    });
  } catch (error) {
    await inputs?.close();
    await close();
    throw error;
  }
};

interface Opened {
  readonly path: string;
  readonly graph: GraphStructure;
  readonly model: OnnxModel;
  readonly inputs: ModelInputs;
  readonly taps: readonly string[];
  readonly defaults: DefaultTaps;
}

const readFrom = async (
  { defaults, ...opened }: Opened,
  options: ModelOptions,
  baseDirectory: string,
): Promise<Recorded> => {
  const { path, graph, inputs, taps } = opened;
  const { layers, leftOut } = await modelLayers({ ...opened, poolings: options.tokens ?? ['mean'] });
  const files = await RecordedFiles.of(path);
  const place: ColumnPlace = { files, layout: null, ...inputs, baseDirectory };
  const columns = new Map<string, RecordedColumn>(inputs.columns);
  for (const [name, spec] of Object.entries(options.labels ?? {})) {
    columns.set(name, await columnOf(spec, place, `/labels/${name}`));
  }
  const split = options.split === undefined ? inputs.split : await columnOf(options.split, place, '/split');
  const isDefault = options.layers === 'all';
  const names = new Set(layers.map(({ name }) => name));
  const { head } = defaults;
  const hasHead = isDefault && head !== null && names.has(head.before) && names.has(head.after);
  return {
    samples: inputs.samples,
    layers,
    columns,
    labels: [...columns.keys()],
    split,
    splitNames: inputs.splitNames,
    description: { version: 1 },
    classifier: null,
    found: hasHead ? { projection: { before: head.before, after: head.after } } : {},
    assumed: [
      ...inputs.assumed,
      ...(isDefault
        ? [
            `layers: ${formatCount(taps.length - leftOut.length)} of ${formatCount(allTaps(graph).length)} tensors, the ends of blocks and the layers of the head`,
          ]
        : []),
    ],
  };
};

const openInputs = (
  path: string,
  { inputs }: OnnxModel,
  data: ModelDataSpec,
  baseDirectory: string,
): Promise<ModelInputs> => {
  const inside = (place: string): string => (isAbsolute(place) ? place : join(baseDirectory, place));
  const from = inside(data.path);
  if (data.kind === 'arrays') return arrayInputs(from, inputs, data.inputs);
  const config = data.preprocess?.config;
  const preprocess = config === undefined ? data.preprocess : { ...data.preprocess, config: inside(config) };
  return imageInputs(from, { path, ports: inputs }, preprocess);
};

/** In the order in which the model computes them. @throws Fault (input) for a name or pattern without a tensor. */
const chosenTaps = (
  graph: GraphStructure,
  { taps }: DefaultTaps,
  asked: RecordingOptions['layers'],
): readonly string[] => {
  if (asked === 'all') return taps;
  const all = allTaps(graph).flatMap(({ tensor, operator }) => (operator === 'input' ? [] : [tensor]));
  const known = new Set(all);
  const chosen = new Set<string>();
  for (const [index, pattern] of asked.entries()) {
    const name = pattern.replace(/:(?:mean|first|last|max)$/, '');
    const found = known.has(pattern)
      ? [pattern]
      : known.has(name)
        ? [name]
        : all.filter((tensor) => matchesGlob(pattern, tensor));
    if (found.length === 0) throw unknownLayer(pattern, taps, `/layers/${index}`);
    for (const tensor of found) chosen.add(tensor);
  }
  if (chosen.size > MOST_TAPS) {
    throw inputFault(
      `names ${formatCount(chosen.size)} tensors, more than ${formatCount(MOST_TAPS)}`,
      '/layers',
      'Use narrower patterns',
    );
  }
  return all.filter((tensor) => chosen.has(tensor));
};
