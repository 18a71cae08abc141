import { commonPrefix } from '../modelNames.ts';
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

/** Tensors whose names begin at key number `depth` of their paths: the wrappers before it are removed. */
interface Group {
  readonly members: readonly FoundTensor[];
  readonly depth: number;
}

/** The wrapper that contains every weight, if there is one; single numbers beside it (a best accuracy) do not count. */
const onlyWrapper = ({ members, depth }: Group): string | null => {
  const large = members.filter(({ view }) => view.shape.length > 0);
  const first = large[0]?.path[depth];
  if (first === undefined || !WRAPPERS.has(first)) return null;
  const isWithin = ({ path }: FoundTensor) => path[depth] !== first || path.length > depth + 1;
  return large.every(({ path }) => path[depth] === first) && members.every(isWithin) ? first : null;
};

/**
 * The tensors without the wrappers that contain all of them, innermost first. Single numbers beside a wrapper form
 * their own group.
 */
const unwrap = (weights: readonly FoundTensor[]): Group[] => {
  const beside: Group[] = [];
  let inner: Group = { members: weights, depth: 0 };
  for (let wrapper = onlyWrapper(inner); wrapper !== null; wrapper = onlyWrapper(inner)) {
    const { members, depth } = inner;
    beside.push({ members: members.filter(({ path }) => path[depth] !== wrapper), depth });
    inner = { members: members.filter(({ path }) => path[depth] === wrapper), depth: depth + 1 };
  }
  return [inner, ...beside.reverse()];
};

/** Removes the prefixes that all names of a group share after its wrapper's name. */
const stripped = (names: readonly string[]): readonly string[] => {
  const from = commonPrefix(names);
  return names.map((name) => name.slice(from));
};

/** Several wrappers side by side (teacher and student) each have their own prefixes, and keep their names. */
const namesOfGroup = ({ members, depth }: Group): [FoundTensor, string][] => {
  const byWrapper = new Map<string, FoundTensor[]>();
  for (const tensor of members) {
    const first = tensor.path[depth];
    const wrapper = tensor.path.length > depth + 1 && WRAPPERS.has(first) ? first : '';
    const held = byWrapper.get(wrapper);
    if (held === undefined) byWrapper.set(wrapper, [tensor]);
    else held.push(tensor);
  }
  return [...byWrapper].flatMap(([wrapper, held]) => {
    const rest = held.map(({ path }) => path.slice(wrapper === '' ? depth : depth + 1).join('.'));
    const before = wrapper === '' ? '' : `${wrapper}.`;
    return stripped(rest).map((name, i): [FoundTensor, string] => [held[i], before + name]);
  });
};

/**
 * A name for each tensor, as in the model's own state_dict: without the name of the wrapper that contains all
 * weights (`state_dict`, `model`), which stays if several contain some (`teacher.`, `student.`), and without the
 * `module.` and `_orig_mod.` that all of them begin with. Tensors of an optimiser keep all their keys.
 */
export const nameTensors = (tensors: readonly FoundTensor[]): Map<string, FoundTensor> => {
  const weights = tensors.filter(({ optimiser }) => !optimiser);
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
