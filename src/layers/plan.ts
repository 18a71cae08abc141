import { type Checkpoint, elementCount, type Steps, type TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView, SkippedTensor, WeightLayer, WeightVector } from '../protocol/index.ts';
import { blocksOf } from './blocks.ts';
import { roleOf } from './kind.ts';
import { isPruningMask, parametrisationNote } from './parametrised.ts';
import { whole, wholeView } from './parts.ts';
import type { Role, Tensors } from './role.ts';
import { skipOf } from './skipped.ts';
import { extentOf, type MatrixView } from './view.ts';

/** A layer, and where its numbers are in its tensor. */
export interface PlannedLayer {
  readonly layer: WeightLayer;
  readonly view: MatrixView;
}

/** Every tensor of a checkpoint, as exactly one of: one or more layers, a vector, a skipped tensor. */
export interface Plan {
  readonly layers: readonly PlannedLayer[];
  readonly vectors: readonly WeightVector[];
  readonly skipped: readonly SkippedTensor[];
  /** What prevents weights from being analysed, one line per cause. */
  readonly warnings: readonly string[];
  /** Parameters of the model, tied ones counted once; without optimiser state. */
  readonly parameters: number;
}

/** The first tensor excluded by each cause, and how many more there are. */
const warningsOf = (causes: ReadonlyMap<string, readonly string[]>): string[] =>
  [...causes].map(([reason, [first, ...others]]) => {
    const name = JSON.stringify(first.length > 80 ? `${first.slice(0, 79)}…` : first);
    const more = others.length === 1 ? '1 more tensor' : `${others.length} more tensors`;
    return others.length === 0 ? `${name} ${reason}` : `${name} ${reason}; the same holds for ${more}`;
  });

const listed = (causes: Map<string, string[]>, reason: string): string[] => {
  const names = causes.get(reason) ?? [];
  causes.set(reason, names);
  return names;
};

const countOf = (shape: readonly number[]): number => elementCount(shape) ?? 0;

const partName = (tensor: string, part: string | null): string =>
  part === null ? tensor : `${tensor}[${part}]`;

/** The role, undivided if the name of a part is that of another tensor. */
const uniqueRole = ({ name, shape }: TensorEntry, role: Role, tensors: Tensors): Role => {
  const taken = role.parts.some(({ part }) => part !== null && tensors.has(partName(name, part)));
  return taken ? { kind: role.kind, parts: whole(wholeView(shape, shape.length - 1)) } : role;
};

const layersOf = (
  entry: TensorEntry,
  role: Role,
  beside: Pick<WeightLayer, 'block' | 'repeated' | 'note'>,
): PlannedLayer[] =>
  role.parts.map(({ part, view }) => {
    const matrix = [extentOf(view.rows), extentOf(view.columns)] as const;
    const slices = extentOf(view.slices);
    const { name: tensor, shape, dtype } = entry;
    const name = partName(tensor, part);
    const parameters = matrix[0] * matrix[1] * slices;
    return {
      view,
      layer: { name, tensor, kind: role.kind, shape, dtype, matrix, slices, parameters, ...beside },
    };
  });

/** Classifies each tensor, step by step, from names, shapes and types alone: no values are read. */
export function* planLayers(checkpoint: Checkpoint, convolution: ConvolutionView): Steps<Plan> {
  const { tensors } = checkpoint;
  const blockOf = yield* blocksOf(tensors.keys());
  const layers: PlannedLayer[] = [];
  const vectors: WeightVector[] = [];
  const skipped: SkippedTensor[] = [];
  const causes = new Map<string, string[]>();
  const holders = new Map<string, string>();
  let parameters = 0;
  for (const entry of tensors.values()) {
    yield;
    const { name, shape, dtype, storage } = entry;
    const skip = skipOf(entry, storage === undefined ? undefined : holders.get(storage));
    if (skip !== null) {
      skipped.push({ name, shape, dtype, reason: skip.reason });
      if (skip.warn) listed(causes, skip.reason).push(name);
      if (skip.parameters) parameters += countOf(shape);
      continue;
    }
    if (storage !== undefined) holders.set(storage, name);
    if (isPruningMask(name, tensors)) {
      skipped.push({ name, shape, dtype, reason: 'is the mask of a pruned weight' });
      continue;
    }
    parameters += countOf(shape);
    const role = roleOf(entry, tensors, convolution);
    if (role === null) vectors.push({ name, shape, dtype, parameters: countOf(shape) });
    else {
      const note = parametrisationNote(name, tensors);
      const beside = { ...blockOf(name), ...(note === undefined ? {} : { note }) };
      for (const layer of layersOf(entry, uniqueRole(entry, role, tensors), beside)) layers.push(layer);
    }
  }
  return { layers, vectors, skipped, warnings: warningsOf(causes), parameters };
}
