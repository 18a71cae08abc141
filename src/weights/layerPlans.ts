import type { Checkpoint } from '../checkpoint/index.ts';
import { type ConvolutionView, inputFault } from '../protocol/index.ts';
import { type Plan, type PlannedLayer, planLayers } from './plan.ts';

interface Plans {
  readonly plan: Plan;
  readonly byName: ReadonlyMap<string, PlannedLayer>;
}

const known = new WeakMap<Checkpoint, Map<ConvolutionView, Plans>>();

const plansOf = (checkpoint: Checkpoint, convolution: ConvolutionView): Plans => {
  const views = known.get(checkpoint) ?? new Map<ConvolutionView, Plans>();
  known.set(checkpoint, views);
  const made = views.get(convolution);
  if (made !== undefined) return made;
  const plan = planLayers(checkpoint, convolution);
  const plans = { plan, byName: new Map(plan.layers.map((layer) => [layer.layer.name, layer])) };
  views.set(convolution, plans);
  return plans;
};

/** The plan of a checkpoint, made once for each view of convolutions while it is open. */
export const planOf = (checkpoint: Checkpoint, convolution: ConvolutionView): Plan =>
  plansOf(checkpoint, convolution).plan;

/** A layer by its name; an input fault when there is none. */
export const plannedLayer = (
  checkpoint: Checkpoint,
  name: string,
  convolution: ConvolutionView,
): PlannedLayer => {
  const layer = plansOf(checkpoint, convolution).byName.get(name);
  if (layer !== undefined) return layer;
  const what = `has no layer ${JSON.stringify(name.slice(0, 80))}`;
  throw inputFault(what, checkpoint.path, 'Name one that `spectra` lists');
};
