const KERNEL = ['kernel', 'bias'];
const CELL = ['kernel', 'recurrent_kernel', 'bias'];

/** Variables of Keras's layers in the order in which they are made; a bias at the end may be missing. */
const VARIABLES = new Map<string, readonly string[]>([
  ['dense', KERNEL],
  ['einsum_dense', KERNEL],
  ...[1, 2, 3].flatMap((n): [string, readonly string[]][] => [
    [`conv${n}d`, KERNEL],
    [`conv${n}d_transpose`, KERNEL],
    [`depthwise_conv${n}d`, KERNEL],
    [`separable_conv${n}d`, ['depthwise_kernel', 'pointwise_kernel', 'bias']],
  ]),
  ['embedding', ['embeddings']],
  ['batch_normalization', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  ['layer_normalization', ['gamma', 'beta']],
  ['group_normalization', ['gamma', 'beta']],
  ['lstm_cell', CELL],
  ['gru_cell', CELL],
  ['simple_rnn_cell', CELL],
  ...[1, 2, 3].map((n): [string, readonly string[]] => [`conv_lstm${n}d_cell`, CELL]),
]);

/** Layers whose cell is stored under `cell`. */
const RECURRENT = /^(?:lstm|gru|simple_rnn|conv_lstm\dd)$/;

const withoutNumber = (name: string): string => name.replace(/_\d{1,9}$/, '');

/**
 * The class of a part: known, or taken from the path (`conv2d_3`, `query_dense`, `cell` of an `lstm`), or else from
 * its name in the file, which Keras makes from the class (`gru_cell`).
 */
export const classOf = (
  segment: string,
  parent: string | undefined,
  known: string | undefined,
  stored: string | undefined,
): string => {
  if (known !== undefined) return known;
  if (segment === 'cell' && parent !== undefined && RECURRENT.test(parent)) return `${parent}_cell`;
  const read = withoutNumber(segment);
  if (VARIABLES.has(read)) return read;
  if (segment.endsWith('_dense')) return 'einsum_dense';
  const named = stored === undefined ? read : withoutNumber(stored);
  return VARIABLES.has(named) ? named : read;
};

/** Layers whose weights Keras quantises in place; the scales of the first one come last. */
const QUANTISED: ReadonlySet<string> = new Set(['dense', 'einsum_dense', 'embedding']);

/** The name of variable `index` of `count` if the class determines it, else null; `quantised` if the first is. */
export const variableName = (
  className: string,
  index: number,
  count: number,
  quantised: boolean,
): string | null => {
  const names = VARIABLES.get(className);
  if (names === undefined) return null;
  if (quantised && QUANTISED.has(className)) {
    const isWhole = count === 2 || count === names.length + 1;
    if (!isWhole) return null;
    return index === count - 1 ? `${names[0]}_scale` : (names[index] ?? null);
  }
  const isWhole = count === names.length || (count === names.length - 1 && names.at(-1) === 'bias');
  return isWhole ? (names[index] ?? null) : null;
};

/** Whether a variable is the kernel of a convolution: positions first, then inputs, then outputs. */
export const isConvolutionKernel = (className: string, variable: string, rank: number): boolean =>
  /(?:^|_)conv(?:\dd|olution)/.test(className) && /kernel(?::\d+)?$/.test(variable) && rank >= 3 && rank <= 5;
