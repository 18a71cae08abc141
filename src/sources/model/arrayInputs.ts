import { getFloat16, setFloat16 } from '@petamoriken/float16';
import { inputFault, shown } from '../../protocol/index.ts';
import type { ModelArray, ModelPort } from '../../runtime/index.ts';
import { roleOf } from '../recording/arrayRoles.ts';
import { type RecordedArray, recordedArray } from '../recording/recordedArray.ts';
import { arrayColumn, isColumn, type RecordedColumn } from '../recording/recordedColumns.ts';
import { RecordedFiles } from '../recording/recordedFiles.ts';
import type { ModelInputs } from './modelInputs.ts';

/**
 * Arrays of a file as the inputs of a model, by name: samples are their first axis. Other arrays with one value for each sample are
 * labels, and one called split is their split.
 * @param named the array of each input, where names differ.
 * @throws Fault (input) for an input without an array, and for arrays of other samples.
 */
export const arrayInputs = async (
  path: string,
  ports: readonly ModelPort[],
  named: Readonly<Record<string, string>>,
): Promise<ModelInputs> => {
  const files = await RecordedFiles.of(path);
  try {
    const [file] = files.names;
    const { tensors } = await files.open(file);
    const wide = [...tensors.values()].filter(({ shape }) => shape.length > 1);
    const arrays = new Map<string, RecordedArray>();
    for (const { name } of ports) {
      const asked = named[name];
      const only = ports.length === 1 && wide.length === 1 ? wide[0] : undefined;
      const entry = tensors.get(asked ?? name) ?? (asked === undefined ? only : undefined);
      if (entry === undefined) {
        throw inputFault(
          `has no array ${shown(asked ?? name)} for the input ${shown(name)} of the model`,
          path,
          `Name it in "inputs" of the data; the file has ${[...tensors.keys()].slice(0, 10).join(', ')}`,
        );
      }
      arrays.set(name, recordedArray(files.file(file), entry));
    }
    const samples = samplesOf([...arrays.values()]);
    const used = new Set([...arrays.values()].map(({ name }) => name));
    const columns = new Map<string, RecordedColumn>();
    for (const entry of tensors.values()) {
      if (used.has(entry.name) || !isColumn(entry.shape) || entry.shape[0] !== samples) continue;
      if (roleOf(entry) === 'tokens') continue;
      columns.set(entry.name, arrayColumn(files, file, entry));
    }
    const split = columns.get('split') ?? null;
    columns.delete('split');
    return {
      samples,
      sampleNames: null,
      columns,
      split,
      splitNames: null,
      batch: async (begin, end) => {
        const batch: Record<string, ModelArray> = {};
        for (const { name, type } of ports) batch[name] = await partOf(arrays.get(name)!, type, begin, end);
        return batch;
      },
      atOnce: null,
      mask: ports.find(({ name }) => /mask/i.test(name))?.name ?? null,
      images: null,
      assumed: [],
      close: () => files.close(),
    };
  } catch (error) {
    await files.close();
    throw error;
  }
};

const samplesOf = (arrays: readonly RecordedArray[]): number => {
  const [first] = arrays;
  for (const { shape, where } of arrays) {
    if (shape[0] === first.shape[0] && shape[0] > 0) continue;
    throw inputFault(
      `has ${shape[0]} samples beside ${first.shape[0]} of ${shown(first.name)}`,
      where,
      'Save arrays of the same samples',
    );
  }
  return first.shape[0];
};

const partOf = async (
  array: RecordedArray,
  type: string,
  begin: number,
  end: number,
): Promise<ModelArray> => {
  const rest = array.shape.slice(1);
  const width = rest.reduce((product, extent) => product * extent, 1);
  const values = await array.values(begin * width, end * width);
  return { type, shape: [end - begin, ...rest], data: asType(values, type, array.where) };
};

/** Numbers in the type that an input has. */
export const asType = (values: ArrayLike<number>, type: string, where: string): ModelArray['data'] => {
  switch (type) {
    case 'float32':
      return values instanceof Float32Array ? values : Float32Array.from(values);
    case 'float64':
      return Float64Array.from(values);
    case 'float16':
      return bitsOf(values);
    case 'int64':
      return BigInt64Array.from({ length: values.length }, (_, at) => BigInt(Math.trunc(values[at])));
    case 'int32':
      return Int32Array.from(values);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
    case 'int8':
      return Int8Array.from(values);
    default:
      throw inputFault(
        `is for an input of the type ${shown(type)}, which cannot be given`,
        where,
        'Export the model with float32 inputs',
      );
  }
};

const bitsOf = (values: ArrayLike<number>): Uint16Array => {
  const bits = new Uint16Array(values.length);
  const view = new DataView(bits.buffer);
  for (let at = 0; at < values.length; at++) setFloat16(view, 2 * at, values[at], true);
  return bits;
};

/** What a model gives, as float32. */
export const floatsOf = ({ type, data }: ModelArray): Float32Array => {
  if (data instanceof Float32Array) return data;
  if (type !== 'float16' || !(data instanceof Uint16Array)) {
    return Float32Array.from(data as ArrayLike<number | bigint>, Number);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const values = new Float32Array(data.length);
  for (let at = 0; at < values.length; at++) values[at] = getFloat16(view, 2 * at, true);
  return values;
};
