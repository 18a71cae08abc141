import type { TensorEntry } from './checkpoint.ts';

/** What DistributedDataParallel and torch.compile put before every name of a model. */
const PREFIXES = ['module.', '_orig_mod.', 'module/', '_orig_mod/'];
/** What wrappers insert into the names of the modules that they wrap; no module has such a name itself. */
const WRAPPER = /(?<=^|[./])(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)[./]/g;

/** The length of the prefixes that all of `names` begin with, one after another. A prefix is never a whole name. */
export const commonPrefix = (names: readonly string[]): number => {
  if (names.length === 0) return 0;
  let from = 0;
  const isCommon = (prefix: string) =>
    names.every((name) => name.startsWith(prefix, from) && name.length > from + prefix.length);
  for (let prefix = PREFIXES.find(isCommon); prefix !== undefined; prefix = PREFIXES.find(isCommon)) {
    from += prefix.length;
  }
  return from;
};

/** Names that decide about prefixes: those of matrices, because constants or step counts beside them have no prefix. */
const decisive = (entries: Iterable<TensorEntry>): string[] =>
  [...entries].filter(({ shape, optimiser }) => shape.length > 1 && !optimiser).map(({ name }) => name);

/**
 * The name of each tensor in the model itself, by its name in the file: without `_orig_mod.` and other wrappers, and
 * without the `module.` that all weights begin with. Null if nothing changes, or if two names would become equal.
 */
export const modelNames = (entries: ReadonlyMap<string, TensorEntry>): ReadonlyMap<string, string> | null => {
  const unwrapped = (name: string): string => name.replace(WRAPPER, '') || name;
  const matrices = decisive(entries.values()).map(unwrapped);
  const length = commonPrefix(matrices);
  const prefix = matrices[0]?.slice(0, length) ?? '';
  const modelName = (name: string): string => {
    const own = unwrapped(name);
    return own.startsWith(prefix) && own.length > length ? own.slice(length) : own;
  };
  const names = [...entries.keys()];
  if (names.every((name) => modelName(name) === name)) return null;
  const renamed = new Map(names.map((name) => [name, modelName(name)]));
  return new Set(renamed.values()).size === renamed.size ? renamed : null;
};
