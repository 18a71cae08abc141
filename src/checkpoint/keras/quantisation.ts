type Json = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

/** Nesting of policies: a map of policies has one for each part of a layer. */
const MAX_DEPTH = 4;

/** `int8` of `int8_from_float32`, `int4` of `int4/128`, which is followed by the group size. */
const ofPolicy = (policy: unknown, depth: number): string[] => {
  if (typeof policy === 'string') return policy.includes('_from_') ? [policy.split('_from_')[0]] : [];
  const config = asObject(asObject(policy).config);
  const { mode, name, default_policy: usual, policy_map: parts } = config;
  if (typeof mode === 'string') return [mode];
  if (typeof name === 'string') return ofPolicy(name, depth);
  if (depth === MAX_DEPTH) return [];
  return [usual, ...Object.values(asObject(parts))].flatMap((each) => ofPolicy(each, depth + 1));
};

/** `int4` of `Int4QuantizationConfig`, `gptq` of `GPTQConfig`. */
const ofQuantiser = (described: unknown): string[] => {
  const name = asObject(described).class_name;
  return typeof name === 'string' ? [name.replace(/(?:Quantization)?Config$/, '').toLowerCase()] : [];
};

/** The common mode, `several` if they differ, none if there is none. */
const common = (modes: Iterable<string>): string | undefined => {
  const distinct = new Set([...modes].map((mode) => mode.split('/')[0]));
  return distinct.size > 1 ? 'several' : [...distinct][0];
};

/** How Keras quantised a layer (`int8`, `int4`, `gptq`, `awq`), by its configuration: its policy of dtypes, or how it was quantised. */
export const quantisedBy = (config: Json): string | undefined =>
  common([...ofPolicy(config.dtype ?? config.dtype_policy, 0), ...ofQuantiser(config.quantization_config)]);

/**
 * How the layers of a model are quantised: Keras quantises a model as a whole, and does not record it for every
 * part. Undefined if no layer records it.
 */
export const commonMode = (layers: Iterable<{ readonly mode?: string }>): string | undefined =>
  common([...layers].flatMap(({ mode }) => (mode === undefined ? [] : [mode])));

/** What a byte tensor of a layer quantised in this mode contains, if it is not read. */
export const integersOf = (mode: string | undefined): string => {
  if (mode === 'int4') return 'packed 4-bit integers (Keras int4)';
  if (mode === 'gptq' || mode === 'awq') return `packed integers (Keras ${mode})`;
  return '8-bit integers of a layout that is not known here (Keras)';
};
