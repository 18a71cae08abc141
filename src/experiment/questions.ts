import type { Experiment } from './schema.ts';

/** What an experiment asks about a trained model. It does not affect the training, so it can be asked again. */
export type Questions = Pick<
  Experiment,
  'layers' | 'pooling' | 'downstream' | 'probes' | 'shifts' | 'groups'
>;

/** The experiment with another one's questions. */
export const askedAgain = (
  experiment: Experiment,
  { layers, pooling, downstream, probes, shifts, groups }: Questions,
): Experiment => ({ ...experiment, layers, pooling, downstream, probes, shifts, groups });
