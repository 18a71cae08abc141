import type { Experiment } from './schema.ts';

/** Held out where the loss learns from labels. */
const USUAL_SHARE = 0.1;

/**
 * The experiment with its share of validation samples written out, so that a run records it. A loss with labels holds a
 * tenth out; without labels, the training samples themselves are evidence. Exact moments have no samples to hold out.
 */
export const withValidation = (experiment: Experiment): Experiment => {
  const { data, loss } = experiment;
  if (data.validation !== undefined || (data.kind === 'synthetic' && data.sampling === 'population')) {
    return experiment;
  }
  return { ...experiment, data: { ...data, validation: 'label' in loss ? USUAL_SHARE : 0 } };
};

/** How many of `size` training samples are held out. */
export const validationSamples = ({ data }: Experiment, size: number): number =>
  Math.round((data.validation ?? 0) * size);
