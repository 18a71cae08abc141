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
]);

/** Layers whose cell is kept under `cell`. */
const RECURRENT = /^(?:lstm|gru|simple_rnn)$/;

/** The class of a part: known, or read off the path (`conv2d_3`, `query_dense`, `cell` of an `lstm`). */
export const classOf = (segment: string, parent: string | undefined, known: string | undefined): string => {
  if (known !== undefined) return known;
  if (segment === 'cell' && parent !== undefined && RECURRENT.test(parent)) return `${parent}_cell`;
  if (segment.endsWith('_dense') && !VARIABLES.has(segment)) return 'einsum_dense';
  return segment.replace(/_\d+$/, '');
};

/** The name of variable `index` of `count` where the class makes it plain, else null. */
export const variableName = (className: string, index: number, count: number): string | null => {
  const names = VARIABLES.get(className);
  if (names === undefined) return null;
  const isWhole = count === names.length || (count === names.length - 1 && names.at(-1) === 'bias');
  return isWhole ? (names[index] ?? null) : null;
};

/** Whether a variable is the kernel of a convolution: positions first, then inputs, then outputs. */
export const isConvolutionKernel = (className: string, variable: string, rank: number): boolean =>
  /(?:^|_)conv(?:\dd|olution)/.test(className) && /kernel(?::\d+)?$/.test(variable) && rank >= 3 && rank <= 5;
