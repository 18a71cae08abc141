import type { TensorEntry } from '../checkpoint.ts';
import { elementCount } from '../tensor.ts';
import { INT8, type Rule } from './rule.ts';

const NAME = /(?:^|\/)(kernel|embeddings)$/;
const SCHEME = 'Keras int8';

/** Letters of the kernel and of the output of an equation such as `abc,cde->abde`. */
const lettersOf = (equation: string): readonly [kernel: string, output: string] | null => {
  const [inputs, output] = equation.split('->');
  const kernel = inputs?.split(',')[1];
  return kernel === undefined || output === undefined ? null : [kernel, output];
};

/**
 * The scale of an EinsumDense has the axes of the output, of extent 1 if the kernel lacks them: its shape with the axes
 * of the kernel, or null if those are in another order.
 */
const einsumShape = ({ shape, usedBy }: TensorEntry, table: readonly number[]): readonly number[] | null => {
  const equation = usedBy !== undefined && 'equation' in usedBy ? usedBy.equation : undefined;
  const letters = equation === undefined ? null : lettersOf(equation.replaceAll('...', ''));
  if (letters === null) {
    const ones = table.length - shape.length;
    const isLonger = ones > 0 && table.slice(0, ones).every((extent) => extent === 1);
    return isLonger ? table.slice(ones) : table;
  }
  const [kernel, output] = letters;
  const shared = [...output].filter((letter) => kernel.includes(letter)).join('');
  const inOrder = [...kernel].filter((letter) => output.includes(letter)).join('') === shared;
  if (!inOrder || kernel.length !== shape.length) return null;
  const spread = [...kernel].map((letter, axis) => (output.includes(letter) ? shape[axis] : 1));
  return elementCount(spread) === elementCount(table) ? spread : null;
};

const UNKNOWN = 'integers of 8 bits or pairs of 4 bits, which the file does not tell apart';

/** How the configuration says that the layer is quantised. */
const modeOf = ({ usedBy }: TensorEntry): string | undefined =>
  usedBy !== undefined && 'mode' in usedBy ? usedBy.mode : undefined;

const PACKED = new Map([
  ['int4', 'packed 4-bit integers'],
  ['gptq', 'packed integers'],
  ['awq', 'packed integers'],
]);

/**
 * Layers that Keras quantised: integers that equal the weights times their scale, `kernel_scale` or `embeddings_scale`
 * (keras/src/quantizers, abs_max_quantize): one for each output, or each row of an embedding. Packed 4-bit pairs have
 * the same names and types and, if packed along the inputs, the same shapes: only what the configuration calls int8 is
 * read.
 */
export const kerasInt8: Rule = (entry, tensors) => {
  const { name, dtype, shape } = entry;
  const variable = NAME.exec(name)?.[1];
  const scale = tensors.get(`${name}_scale`);
  if (variable === undefined || scale === undefined || !INT8.test(dtype)) return null;
  const mode = modeOf(entry);
  const details = [scale.name];
  if (mode !== 'int8') {
    const packed = PACKED.get(mode ?? '');
    return packed === undefined
      ? { what: UNKNOWN, scheme: 'Keras', details }
      : { what: packed, scheme: `Keras ${mode}`, details };
  }
  const found = { what: 'unscaled 8-bit integers', scheme: SCHEME, details };
  const axis = variable === 'embeddings' ? 0 : Math.max(0, shape.length - 1);
  const tableShape = scale.shape.length < 2 ? scale.shape : einsumShape(entry, scale.shape);
  if (tableShape === null) return found;
  return { ...found, scaling: { scheme: SCHEME, scale: scale.name, divides: true, axis, tableShape } };
};
