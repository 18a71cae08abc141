import type { TensorEntry } from './checkpoint.ts';

/** Where JAX programs keep an optimiser's state, and T5X the moments of every parameter. */
const STATE = /^(?:(?:opt|optim|optimi[sz]er)s?(?:_?states?)?|param_states)$/;
/** Where they keep the model beside it; old Flax keeps it inside the optimiser. */
const MODEL = /^(?:params|target|model|variables|state_dict|model_state_dict)$/;
/** What optimisers store for every parameter. */
const MOMENT = /^(?:mu|nu|m|v|v_row|v_col|exp_avg|exp_avg_sq|momentum|velocity|trace)$/;
/** How many elements of a name are checked, from its beginning. */
const LOOKED_AT = 6;

/** The elements of a path, including paths as JAX writes them: `.opt_state[0].mu['Dense_0']`. */
const pathOf = (name: string): string[] =>
  name
    .slice(0, 256)
    .split(/\W+/)
    .filter((element) => element !== '')
    .slice(0, LOOKED_AT);

/**
 * The tensors of an archive that are training state, by the group that contains them (`opt/0/mu/...`,
 * `opt_state/...`, `state/param_states/...`). A group of such a name counts only beside a model's own group, or for
 * tensors named like a moment, because a module may have such a name.
 */
export const archivedState = (entries: ReadonlyMap<string, TensorEntry>): ReadonlySet<string> => {
  const moments = new Set<string>();
  const others: string[] = [];
  let hasModel = false;
  for (const name of entries.keys()) {
    const path = pathOf(name);
    const at = path.slice(0, 2).findIndex((element) => STATE.test(element));
    const isState = at >= 0 && path.length > at + 1 && !MODEL.test(path[at + 1]);
    if (!isState) hasModel ||= path.slice(0, 2).some((element) => MODEL.test(element));
    else if (path.slice(at + 1).some((element) => MOMENT.test(element))) moments.add(name);
    else others.push(name);
  }
  return hasModel ? new Set([...moments, ...others]) : moments;
};
