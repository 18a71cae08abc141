const CONTAINER =
  /^([a-z0-9]+_)*(optims?|opts?|optimi[sz]ers?|schedulers?|scalers?|callbacks|loops|rng_states?)(_[a-z0-9_]*)?$/i;
const RANDOM = /(^|_)rng_states?(_|$)/i;
const MOMENTS = new Set([
  'exp_avg',
  'exp_avg_sq',
  'max_exp_avg_sq',
  'momentum_buffer',
  'square_avg',
  'acc_delta',
]);

/** Longer keys are no such names. */
const MAX_LENGTH = 64;

/** Whether training programs keep what is not the model under this key: an optimiser, a schedule, a scaler. */
export const isTrainingContainer = (key: string): boolean => key.length <= MAX_LENGTH && CONTAINER.test(key);

/** Whether a key names state of the training itself: the random generator's, or an optimiser's moments. */
export const isTrainingState = (key: string): boolean =>
  MOMENTS.has(key) || (key.length <= MAX_LENGTH && RANDOM.test(key));
