import { type Fault, inputFault } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readItems, readMembers, skipValue } from '../bytes/windowedJson.ts';
import { WindowReader } from '../bytes/windowReader.ts';

/** Keys that tell the layers of a model and its origin. The rest of a configuration is skipped. */
const KEPT = new Set([
  'class_name',
  'model_config',
  'name',
  'config',
  'layers',
  'layer',
  'equation',
  'dtype',
  'dtype_policy',
  'mode',
  'default_policy',
  'policy_map',
  'quantization_config',
  'keras_version',
  'date_saved',
]);
/** Its keys are names of layers. */
const MAP = 'policy_map';
/** A longer text is not a name. */
const MAX_TEXT = 1024;
/** Nested models take three levels each; anything deeper is skipped. */
const MAX_DEPTH = 100;
/** Kept from one configuration: some twenty thousand layers. */
const MAX_KEPT = 2 ** 24;

/**
 * Reads one value, keeping the members above (or `all`) of objects, and texts no longer than a name, but no
 * numbers.
 */
const readKept = async (
  reader: WindowReader,
  spend: (bytes: number) => void,
  depth: number,
  all = false,
): Promise<unknown> => {
  await reader.fill();
  const next = depth < MAX_DEPTH ? reader.peek() : '';
  const inner = (key = '') => readKept(reader, spend, depth + 1, key === MAP);
  if (next === '[') {
    spend(OBJECT_BYTES);
    return readItems(reader, 'a list', Number.MAX_SAFE_INTEGER, () => inner());
  }
  if (next === '"') {
    const text = await reader.longString('a text', MAX_TEXT);
    spend(typeof text === 'string' ? textBytes(text) : 0);
    return typeof text === 'string' ? text : null;
  }
  if (next !== '{') return skipValue(reader, 'a value').then(() => null);
  const kept: Record<string, unknown> = {};
  spend(OBJECT_BYTES);
  const has = () => false;
  await readMembers(reader, 'an object', has, async (key) => {
    if (!all && !KEPT.has(key)) await skipValue(reader, 'a value');
    else {
      spend(MAP_PLACE_BYTES + (all ? textBytes(key) : 0));
      kept[key] = await inner(key);
    }
  });
  return kept;
};

/**
 * The parts of a model's JSON configuration that are used here, read through a window: it may have any size, depth
 * and content. Text that is not JSON is `inputFault('is not JSON', ...)`.
 */
export const readModelJson = async (
  source: ByteSource,
  allowance: Allowance,
  remedy: string,
): Promise<unknown> => {
  let refusal: Fault | null = null;
  const refuse = (what: string): Fault => {
    refusal = inputFault(what, source.name, remedy);
    return refusal;
  };
  try {
    const reader = new WindowReader(source, 0, source.size, remedy);
    const own = new Allowance(MAX_KEPT);
    const spend = (bytes: number): void => {
      own.spend(bytes, refuse);
      allowance.spend(bytes, refuse);
    };
    const value = await readKept(reader, spend, 0);
    await reader.fill();
    reader.end();
    return value;
  } catch (error) {
    throw refusal ?? inputFault('is not JSON', source.name, remedy, error);
  }
};
