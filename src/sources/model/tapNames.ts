import type { Tap } from './taps.ts';

/**
 * What layers are called: as their modules, which PyTorch's exporter writes into the names of tensors. Of
 * `/layer4/layer4.0/relu_1/Relu_output_0` that is `layer4.0/relu_1`. The last tensor of a module is its output and has its name;
 * the others have the operator behind it. A tensor of another form keeps its own name.
 */
export const tapNames = (taps: readonly Tap[]): ReadonlyMap<string, string> => {
  const modules = taps.map(({ tensor }) => moduleOf(tensor));
  const last = new Map(modules.map((module, at) => [module, at]));
  const named = taps.map(({ tensor }, at): [string, string] => {
    const module = modules[at];
    // Outside of all modules: `/Add_output_0`.
    if (module === null) return [tensor, /^\/[^/]+$/.test(tensor) ? operatorOf(tensor) : tensor];
    return [tensor, last.get(module) === at ? module : `${module}/${operatorOf(tensor)}`];
  });
  const counts = new Map<string, number>();
  for (const [, name] of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  // Two tensors never have one name.
  return new Map(named.map(([tensor, name]) => [tensor, counts.get(name) === 1 ? name : tensor]));
};

const ending = /_output_\d+$/;

/** The elements before the operator, without those that the next one repeats; null for a tensor of another form. */
const moduleOf = (tensor: string): string | null => {
  if (!tensor.startsWith('/') || !ending.test(tensor)) return null;
  const elements = tensor.slice(1).split('/').slice(0, -1);
  const own = elements.filter((element, at) => !elements[at + 1]?.startsWith(`${element}.`));
  return own.length === 0 ? null : own.join('/');
};

const operatorOf = (tensor: string): string => tensor.slice(tensor.lastIndexOf('/') + 1).replace(ending, '');
