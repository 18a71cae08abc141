import { type JsonSchema, kindsOf } from './jsonSchema.ts';

/** What VS Code inserts for an object whose kind is chosen. */
interface Snippet {
  readonly label: string;
  readonly description: string;
  readonly body: unknown;
}

/** The schema of a file for the language service of VS Code. */
export interface EditorSchema
  extends Omit<JsonSchema, 'oneOf' | 'properties' | 'items' | 'anyOf' | 'additionalProperties'> {
  /** False, or what the values of other keys are. */
  readonly additionalProperties?: boolean | EditorSchema;
  readonly properties?: Readonly<Record<string, EditorSchema>>;
  readonly items?: EditorSchema | readonly EditorSchema[];
  readonly anyOf?: readonly EditorSchema[];
  readonly allOf?: readonly (
    | { readonly if: EditorSchema; readonly then: EditorSchema }
    | ReturnType<typeof knownKeys>
  )[];
  readonly enumDescriptions?: readonly string[];
  readonly defaultSnippets?: readonly Snippet[];
  readonly errorMessage?: string;
}

const withDefault = ({ description, default: value }: JsonSchema): string => {
  const text = description ?? '';
  return value === undefined || /Default:/.test(text)
    ? text
    : `${text} Default: ${JSON.stringify(value)}.`.trim();
};

/** An example as a snippet has it, each value a stop of the Tab key; `^` keeps what follows from being quoted. */
class Stops {
  private count = 0;

  of(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.of(each));
    const stop = `\${${++this.count}:${String(value)}}`;
    return typeof value === 'string' ? stop : `^${stop}`;
  }
}

/** The kind, and an example of each key that has no default. */
const snippetOf = ({ description, properties, required = [] }: JsonSchema, kind: unknown): Snippet => {
  const stops = new Stops();
  const keys = required.filter((key) => key !== 'kind');
  const entries = keys.map((key) => [key, stops.of(properties?.[key].examples?.[0])] as const);
  return {
    label: String(kind),
    description: description ?? '',
    body: { kind, ...Object.fromEntries(entries) },
  };
};

/**
 * The alternatives of `kind` as conditions. The language service drops alternatives that lack other keys, and with them
 * their kinds; conditions keep every kind, and check a file against the one that it names.
 */
const byKind = ({ oneOf: branches = [], ...rest }: JsonSchema): EditorSchema => {
  const kinds = branches.flatMap((branch) => kindsOf(branch).map((kind) => ({ kind, branch })));
  return {
    ...described(rest),
    type: 'object',
    required: ['kind'],
    properties: {
      kind: {
        description: 'What it is; the other keys depend on it.',
        enum: kinds.map(({ kind }) => kind),
        enumDescriptions: kinds.map(({ branch }) => branch.description ?? ''),
      },
    },
    allOf: branches.map((branch) => ({
      if: { properties: { kind: { enum: kindsOf(branch) } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema, in a value that nothing awaits.
      then: editorSchema(branch),
    })),
    defaultSnippets: kinds.map(({ kind, branch }) => snippetOf(branch, kind)),
  };
};

const described = (schema: JsonSchema): EditorSchema => {
  const { properties, items, anyOf, oneOf: _, additionalProperties: __, ...rest } = schema;
  const description = withDefault(schema);
  return description === '' ? rest : { ...rest, description };
};

/**
 * Refuses other keys in words of its own: those of the language service quote the key, and a key may hold characters
 * that change how text is shown. A part of its own, because the words replace every message of their schema.
 */
const knownKeys = (keys: readonly string[]) => ({
  properties: Object.fromEntries(keys.map((key) => [key, true])),
  additionalProperties: false,
  errorMessage: 'This key is not known here. Correct its spelling, or remove it.',
});

const isList = (items: JsonSchema['items']): items is readonly JsonSchema[] => Array.isArray(items);

/** The JSON Schema of a file for VS Code: it offers every kind, and says what each key means and defaults to. */
export const editorSchema = (schema: JsonSchema): EditorSchema => {
  if (schema.oneOf !== undefined) return byKind(schema);
  const { properties, items, anyOf } = schema;
  const { additionalProperties, ...rest } = schema;
  const isClosed = additionalProperties === false;
  const all = Object.entries(properties ?? {}).map(([key, each]) => [key, editorSchema(each)] as const);
  return {
    ...described(rest),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: editorSchema(additionalProperties) }
      : {}),
    ...(isClosed ? { allOf: [knownKeys(Object.keys(properties ?? {}))] } : {}),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(all) }),
    ...(items === undefined ? {} : { items: isList(items) ? items.map(editorSchema) : editorSchema(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(editorSchema) }),
  };
};
