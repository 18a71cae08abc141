import type { FoundTensor } from './walk.ts';

/** Keys under which training programs keep a model in a checkpoint. */
const WRAPPERS = new Set([
  'backbone',
  'base_model',
  'classy_state_dict',
  'ema',
  'ema_state_dict',
  'model',
  'model_dict',
  'model_ema',
  'model_state',
  'model_state_dict',
  'module',
  'net',
  'network',
  'params',
  'params_ema',
  'state_dict',
  'student',
  'teacher',
  'trunk',
  'weights',
]);

/** What DataParallel and torch.compile put before every name. */
const PREFIXES = ['module.', '_orig_mod.'];

interface Named {
  readonly found: FoundTensor;
  readonly path: readonly string[];
}

/** The wrapper that holds every weight, if there is one; lone numbers beside it (a best accuracy) do not count. */
const onlyWrapper = (weights: readonly Named[]): string | null => {
  const large = weights.filter(({ found }) => found.view.shape.length > 0);
  const first = large[0]?.path[0];
  if (first === undefined || !WRAPPERS.has(first)) return null;
  const isWithin = ({ path }: Named) => path[0] !== first || path.length > 1;
  return large.every(({ path }) => path[0] === first) && weights.every(isWithin) ? first : null;
};

/** The names, with the wrappers that hold all of them removed. Lone numbers beside a wrapper are their own group. */
const unwrap = (weights: readonly Named[]): Named[][] => {
  const wrapper = onlyWrapper(weights);
  if (wrapper === null) return [[...weights]];
  const within = weights.filter(({ path }) => path[0] === wrapper);
  const beside = weights.filter(({ path }) => path[0] !== wrapper);
  return [...unwrap(within.map(({ found, path }) => ({ found, path: path.slice(1) }))), beside];
};

/** Removes the prefixes that all names of a group have after its wrapper's name. */
const stripped = (names: readonly string[]): readonly string[] => {
  const prefix = PREFIXES.find((text) =>
    names.every((name) => name.startsWith(text) && name.length > text.length),
  );
  return prefix === undefined || names.length === 0
    ? names
    : stripped(names.map((name) => name.slice(prefix.length)));
};

/** Of several wrappers side by side (teacher and student) each has its own prefixes, and its name stays. */
const namesOfGroup = (group: readonly Named[]): [FoundTensor, string][] => {
  const byWrapper = new Map<string, Named[]>();
  for (const named of group) {
    const [first] = named.path;
    const wrapper = named.path.length > 1 && WRAPPERS.has(first) ? first : '';
    const members = byWrapper.get(wrapper);
    if (members === undefined) byWrapper.set(wrapper, [named]);
    else members.push(named);
  }
  return [...byWrapper].flatMap(([wrapper, members]) => {
    const rest = members.map(({ path }) => (wrapper === '' ? path : path.slice(1)).join('.'));
    const before = wrapper === '' ? '' : `${wrapper}.`;
    return stripped(rest).map((name, i): [FoundTensor, string] => [members[i].found, before + name]);
  });
};

/**
 * A name for each tensor, as the model's own state_dict has it: without the name of the wrapper that holds all
 * weights (`state_dict`, `model`), which stays where several hold some (`teacher.`, `student.`), and without the
 * `module.` and `_orig_mod.` that all of them begin with. Tensors of an optimiser keep all their keys.
 */
export const nameTensors = (tensors: readonly FoundTensor[]): Map<string, FoundTensor> => {
  const weights = tensors.filter(({ optimiser }) => !optimiser).map((found) => ({ found, path: found.path }));
  const names = new Map(unwrap(weights).flatMap(namesOfGroup));
  const named = new Map<string, FoundTensor>();
  const used = new Map<string, number>();
  for (const tensor of tensors) {
    const name = names.get(tensor) ?? tensor.path.join('.');
    let unique = name;
    for (let n = used.get(name) ?? 2; named.has(unique); n++) {
      unique = `${name} #${n}`;
      used.set(name, n + 1);
    }
    named.set(unique, tensor);
  }
  return named;
};
