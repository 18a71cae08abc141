import type { Experiment } from './schema.ts';

/** What an experiment asks about a trained model. It changes nothing in the training, so it can be asked again. */
export type Questions = Pick<Experiment, 'layers' | 'downstream' | 'shifts' | 'groups'>;

/** The experiment with the questions of another one. */
export const askedAgain = (
  experiment: Experiment,
  { layers, downstream, shifts, groups }: Questions,
): Experiment => ({ ...experiment, layers, downstream, shifts, groups });
