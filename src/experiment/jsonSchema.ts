import * as z from 'zod';
import { inspectionSchema } from './inspectionSchema.ts';
import { experimentSchema } from './schema.ts';

/** The parts of JSON Schema that the experiment's schema uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/**
 * The JSON Schema (draft-07, which VS Code reads) of what an experiment file may hold. Keys with a default are optional
 * in it. `media/schema/experiment.schema.json` is made from it for the editor.
 */
export function experimentJsonSchema(): JsonSchema & { readonly $schema?: string } {
  return jsonSchemaOf(experimentSchema);
}

/** The same of an inspection file, in `media/schema/inspection.schema.json`. */
export function inspectionJsonSchema(): JsonSchema & { readonly $schema?: string } {
  return jsonSchemaOf(inspectionSchema);
}

/** The JSON Schema of a zod schema's input. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema & { readonly $schema?: string } {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-07' }) as JsonSchema;
}

/** The schema of the value at `path`, following the `kind` in the file; undefined if there is none. */
export function schemaAt(
  schema: JsonSchema | undefined,
  value: unknown,
  path: readonly PropertyKey[],
): JsonSchema | undefined {
  const chosen = chooseBranch(schema, value);
  const [key, ...rest] = path;
  if (key === undefined || chosen === undefined) return chosen;
  const inner = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  if (typeof key !== 'number') return schemaAt(chosen.properties?.[String(key)], inner, rest);
  const items = chosen.items;
  return schemaAt(Array.isArray(items) ? items[key] : (items as JsonSchema | undefined), inner, rest);
}

/** The alternative that the value means: of the same kind, or of the same JSON type. */
function chooseBranch(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  if (schema?.oneOf !== undefined) {
    const kind = (value as { kind?: unknown } | null)?.kind;
    return schema.oneOf.find((branch) => kindsOf(branch).includes(kind)) ?? schema;
  }
  if (schema?.anyOf !== undefined && Array.isArray(value)) {
    return schema.anyOf.find((branch) => branch.type === 'array') ?? schema;
  }
  return schema;
}

/** The values of `kind` that a schema allows. */
export function kindsOf(schema: JsonSchema): readonly unknown[] {
  if (schema.oneOf !== undefined) return schema.oneOf.flatMap(kindsOf);
  const kind = schema.properties?.kind;
  return kind?.enum ?? (kind === undefined ? [] : [kind.const]);
}

/** What a schema expects, in words: `a number from 0 to 1`, `one of "sgd", "adam"`. */
export function expectation(schema: JsonSchema): string {
  if (schema.oneOf !== undefined) return `an object whose "kind" is ${oneOf(kindsOf(schema))}`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectation).join(', or ');
  if (schema.enum !== undefined) return oneOf(schema.enum);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'integer') return `a whole number${range(schema)}`;
  if (schema.type === 'number') return `a number${range(schema)}`;
  if (schema.type === 'array') return list(schema);
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'string') return schema.minLength === undefined ? 'a string' : 'a non-empty string';
  return 'an object';
}

const oneOf = (values: readonly unknown[]): string =>
  `${values.length > 1 ? 'one of ' : ''}${values.map((value) => JSON.stringify(value)).join(', ')}`;

function list({ items, minItems }: JsonSchema): string {
  if (Array.isArray(items)) return `a list of ${items.length}: ${items.map(expectation).join(', ')}`;
  const each = expectation((items ?? {}) as JsonSchema);
  return `a list${minItems === undefined ? '' : ` of at least ${minItems}`}, each ${each}`;
}

function range({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  const safe = (bound: number | undefined) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
  const [least, above, most, below] = [minimum, exclusiveMinimum, maximum, exclusiveMaximum].map(safe);
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const parts = [
    least === undefined ? undefined : `of at least ${least}`,
    above === undefined ? undefined : `above ${above}`,
    most === undefined ? undefined : `of at most ${most}`,
    below === undefined ? undefined : `below ${below}`,
  ];
  const words = parts.filter((part) => part !== undefined);
  return words.length === 0 ? '' : ` ${words.join(' and ')}`;
}
