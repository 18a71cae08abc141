import { type GraphStructure, readGraphStructure } from '../../checkpoint/index.ts';
import type { OnnxFile } from '../../runtime/index.ts';
import { tapNames } from './tapNames.ts';
import { allTaps, type DefaultTaps, defaultTaps, thinned } from './taps.ts';

/** A model as ONNX, with the tensors of it that can be layers. */
export interface ModelFile extends OnnxFile {
  readonly graph: GraphStructure;
  /** What the layer of a tensor is called. */
  readonly names: ReadonlyMap<string, string>;
  readonly defaults: DefaultTaps;
  /** Whether the channels are always the last axis, as in TensorFlow. */
  readonly isChannelsLast: boolean;
  /** What was left out of it, for people. */
  readonly assumed: readonly string[];
}

/** An ONNX file; or a `model.json` of TensorFlow.js, which is recorded as ONNX. */
export const readModelFile = async (path: string): Promise<ModelFile> => {
  if (!/\.json$/i.test(path)) {
    const graph = await readGraphStructure(path);
    const names = tapNames(allTaps(graph).filter(({ operator }) => operator !== 'input'));
    return {
      path,
      bytes: null,
      graph,
      names,
      defaults: defaultTaps(graph),
      isChannelsLast: false,
      assumed: [],
    };
  }
  const { recordTfjs } = await import('./tfjsModel.ts');
  const { model, layers, usual, lacking } = await recordTfjs(path);
  return {
    path,
    bytes: model,
    graph: await readGraphStructure(model),
    names: withoutPrefix(layers),
    defaults: { taps: thinned(usual), head: null },
    isChannelsLast: true,
    assumed: lacking === null ? [] : [`layers: the first ${layers.length}, because the model ${lacking}`],
  };
};

/** Names without the folders that all of them are in, such as `StatefulPartitionedCall/model`. */
const withoutPrefix = (names: readonly string[]): ReadonlyMap<string, string> => {
  const folders = names.map((name) => name.split('/').slice(0, -1));
  const [first = []] = folders;
  const differs = first.findIndex((folder, at) => folders.some((own) => own[at] !== folder));
  const shared = differs < 0 ? first.length : differs;
  return new Map(names.map((name) => [name, name.split('/').slice(shared).join('/')]));
};
