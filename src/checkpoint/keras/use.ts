import type { KerasUse } from '../use.ts';
import type { KerasLayer } from './config.ts';

type Layers = ReadonlyMap<string, KerasLayer>;

/** A Bidirectional calls the layer that it wraps `forward_lstm` and `backward_lstm`. */
const asWrapped = (segment: string): string => segment.replace(/^(?:forward|backward)_/, '');

/**
 * The layer that owns a weight called `dense_1/kernel:0`, by the innermost segment of its name that the configuration
 * describes. `layers` are by name; `usual` is how the model is quantised.
 */
export const useOf = (name: string, layers: Layers, usual?: string): KerasUse | undefined => {
  const segments = name.split('/');
  const variable = (segments.pop() ?? '').replace(/:\d{1,9}$/, '');
  const known = segments.reverse().find((segment) => layers.has(asWrapped(segment)));
  if (known === undefined) return undefined;
  const { className, equation, mode = usual } = layers.get(asWrapped(known)) as KerasLayer;
  return {
    by: 'Keras',
    className,
    outer: className,
    owner: segments[0],
    variable,
    ...(equation !== undefined && { equation }),
    ...(mode !== undefined && { mode }),
  };
};
