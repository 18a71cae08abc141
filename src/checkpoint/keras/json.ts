import { type Fault, inputFault } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readItems, readMembers, skipValue } from '../bytes/windowedJson.ts';
import { WindowReader } from '../bytes/windowReader.ts';

/** What tells the layers of a model, and where it comes from. The rest of a configuration is stepped over. */
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
/** Its members are called what the layers are called. */
const MAP = 'policy_map';
/** A longer text is no name. */
const MAX_TEXT = 1024;
/** Models in models, three levels each; what lies deeper is stepped over. */
const MAX_DEPTH = 100;
/** Kept of one configuration: some twenty thousand layers. */
const MAX_KEPT = 2 ** 24;

/** Reads one value; of objects the members above (or `all`), of texts those of the length of a name, of numbers nothing. */
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
 * What of a model's configuration in JSON is used here, read through a window: it may be of any size, and nest and
 * list what it likes. What is not JSON is `inputFault('is not JSON', ...)`.
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
