import { inputFault, shown } from '../protocol/index.ts';
import { archivedState } from './archivedState.ts';
import type { Checkpoint, TensorEntry } from './checkpoint.ts';
import { modelNames } from './modelNames.ts';

/** A checkpoint whose tensors are renamed from those of `inner`. */
const renamed = (inner: Checkpoint, names: ReadonlyMap<string, string>): Checkpoint => {
  const stored = new Map([...names].map(([name, own]) => [own, name]));
  const tensors = new Map<string, TensorEntry>();
  for (const [name, entry] of inner.tensors) {
    const own = names.get(name) ?? name;
    tensors.set(own, { ...entry, name: own });
  }
  const { path, format, metadata } = inner;
  return {
    path,
    format,
    metadata,
    tensors,
    read: async (name) => {
      const found = stored.get(name);
      if (found !== undefined) return inner.read(found);
      throw inputFault(`has no tensor ${shown(name)}`, inner.path, 'Use one of its tensors');
    },
    ranges: (name) => {
      const found = stored.get(name);
      return found === undefined ? null : (inner.ranges?.(found) ?? null);
    },
    texts: async (name) => {
      const found = stored.get(name);
      return found === undefined ? null : ((await inner.texts?.(found)) ?? null);
    },
    close: () => inner.close(),
  };
};

const withState = (inner: Checkpoint, state: ReadonlySet<string>): Checkpoint => ({
  ...inner,
  tensors: new Map(
    [...inner.tensors].map(([name, entry]) => [
      name,
      state.has(name) ? { ...entry, optimiser: true as const } : entry,
    ]),
  ),
});

/** The checkpoint as that of a model, whatever wrote it: with the model's own names, and with training state marked. */
export const asModel = (checkpoint: Checkpoint): Checkpoint => {
  const state = archivedState(checkpoint.tensors);
  const marked = state.size === 0 ? checkpoint : withState(checkpoint, state);
  const names = modelNames(marked.tensors);
  return names === null ? marked : renamed(marked, names);
};
