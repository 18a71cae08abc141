import { type Checkpoint, unhurried } from '../checkpoint/index.ts';
import { type ConvolutionView, inputFault } from '../protocol/index.ts';
import { type Plan, type PlannedLayer, planLayers } from './plan.ts';

interface Plans {
  readonly plan: Plan;
  readonly byName: ReadonlyMap<string, PlannedLayer>;
}

const known = new WeakMap<Checkpoint, Map<ConvolutionView, Promise<Plans>>>();

const makePlans = async (checkpoint: Checkpoint, convolution: ConvolutionView): Promise<Plans> => {
  const plan = await unhurried(planLayers(checkpoint, convolution));
  return { plan, byName: new Map(plan.layers.map((layer) => [layer.layer.name, layer])) };
};

const plansOf = (checkpoint: Checkpoint, convolution: ConvolutionView): Promise<Plans> => {
  const views = known.get(checkpoint) ?? new Map<ConvolutionView, Promise<Plans>>();
  known.set(checkpoint, views);
  const plans = views.get(convolution) ?? makePlans(checkpoint, convolution);
  views.set(convolution, plans);
  return plans;
};

/** The plan of a checkpoint, computed once per view of convolutions while it is open. */
export const planOf = async (checkpoint: Checkpoint, convolution: ConvolutionView): Promise<Plan> =>
  (await plansOf(checkpoint, convolution)).plan;

/** Layers by their names; an input fault if a name is unknown. */
export const plannedLayers = async (
  checkpoint: Checkpoint,
  names: readonly string[],
  convolution: ConvolutionView,
): Promise<PlannedLayer[]> => {
  const { byName } = await plansOf(checkpoint, convolution);
  return names.map((name) => {
    const layer = byName.get(name);
    if (layer !== undefined) return layer;
    const what = `has no layer ${JSON.stringify(name.slice(0, 80))}`;
    throw inputFault(what, checkpoint.path, 'Use one that `spectra` lists');
  });
};
