const CONTAINER = /^(?:optims?|opts?|optimi[sz]ers?|schedulers?|scalers?|callbacks|loops)$/i;
const RANDOM = /(^|_)rng_states?(_|$)/i;
const MOMENTS = new Set([
  'exp_avg',
  'exp_avg_sq',
  'max_exp_avg_sq',
  'momentum_buffer',
  'square_avg',
  'acc_delta',
]);

/** Longer keys are not such names. */
const MAX_LENGTH = 64;

/** Whether training programs store something other than the model under this key: an optimiser, a schedule, a scaler. */
export const isTrainingContainer = (key: string): boolean => {
  if (key.length > MAX_LENGTH || !/^\w+$/.test(key)) return false;
  const words = key.split('_');
  const at = words.findIndex(
    (word, i) => CONTAINER.test(word) || (/^rng$/i.test(word) && /^states?$/i.test(words[i + 1] ?? '')),
  );
  return at >= 0 && !words.slice(0, at).includes('');
};

/** Whether a key names training state: the random generator's, or an optimiser's moments. */
export const isTrainingState = (key: string): boolean =>
  MOMENTS.has(key) || (key.length <= MAX_LENGTH && RANDOM.test(key));
