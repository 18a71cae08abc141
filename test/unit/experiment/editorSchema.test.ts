import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  augmentationSchema,
  dataSchema,
  type EditorSchema,
  editorSchema,
  encoderSchema,
  experimentJsonSchema,
  headSchema,
  inspectionJsonSchema,
  lossSchema,
  modelDataSchema,
  optimiserSchema,
  scheduleSchema,
  taskDataSchema,
} from '../../../src/experiment/index.ts';

const schemaIn = (name: string): EditorSchema =>
  JSON.parse(
    readFileSync(new URL(`../../../media/schema/${name}.schema.json`, import.meta.url), 'utf8'),
  ) as EditorSchema;
const schema = schemaIn('experiment');
const ofInspections = schemaIn('inspection');

it('is what the schemas of files give (else run: node scripts/make-schema.mjs)', () => {
  const plain = (each: unknown): unknown => JSON.parse(JSON.stringify(each));
  expect(schema).toEqual(plain(editorSchema(experimentJsonSchema())));
  expect(ofInspections).toEqual(plain(editorSchema(inspectionJsonSchema())));
});

/** Every schema in it with its path. */
function* within(each: EditorSchema, path: string): Generator<[string, EditorSchema]> {
  yield [path, each];
  for (const [key, inner] of Object.entries(each.properties ?? {})) yield* within(inner, `${path}.${key}`);
  for (const inner of each.anyOf ?? []) yield* within(inner, path);
  if (typeof each.additionalProperties === 'object') yield* within(each.additionalProperties, `${path}.*`);
  for (const [at, part] of (each.allOf ?? []).entries()) {
    if ('then' in part)
      yield* within(part.then, `${path}(${JSON.stringify(part.if.properties?.kind.enum ?? at)})`);
  }
  if (Array.isArray(each.items)) for (const inner of each.items) yield* within(inner, `${path}[]`);
  else if (each.items !== undefined) yield* within(each.items as EditorSchema, `${path}[]`);
}
const all = [...within(schema, ''), ...within(ofInspections, '.inspection')];

describe('the schema for the editor', () => {
  it('describes every key, and says its default', () => {
    const keys = all.flatMap(([path, { properties }]) =>
      Object.entries(properties ?? {}).map(([key, each]) => [`${path}.${key}`, each] as const),
    );
    expect(keys.length).toBeGreaterThan(100);
    const plain = keys.filter(([path]) => !/\.kind$/.test(path));
    expect(
      plain.filter(([, { description }]) => !/\S{2}/.test(description ?? '')).map(([path]) => path),
    ).toEqual([]);
    const silent = plain.filter(
      ([, { default: value, description }]) => value !== undefined && !/Default:/.test(description ?? ''),
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('refuses keys that it does not know, without quoting them', () => {
    const closed = all.flatMap(([path, { properties, additionalProperties, allOf = [] }]) => {
      expect([path, additionalProperties === false]).toEqual([path, false]);
      return allOf.flatMap((part) =>
        'then' in part ? [] : [{ path, part, keys: Object.keys(properties ?? {}) }],
      );
    });
    expect(closed.length).toBeGreaterThan(30);
    for (const { path, part, keys } of closed) {
      expect([path, Object.keys(part.properties)]).toEqual([path, keys]);
      expect([part.additionalProperties, part.errorMessage]).toEqual([
        false,
        'This key is not known here. Correct its spelling, or remove it.',
      ]);
    }
  });

  it('describes every kind', () => {
    const unions = all.filter(([, { defaultSnippets }]) => defaultSnippets !== undefined);
    expect(unions.map(([path]) => path)).toEqual([
      '.data',
      '.augmentation[]',
      '.encoder',
      '.head',
      '.loss',
      '.optimiser',
      '.schedule',
      '.downstream[].data',
      '.inspection.data',
    ]);
    for (const [, { properties, defaultSnippets }] of unions) {
      const { enum: kinds = [], enumDescriptions = [] } = properties!.kind;
      expect(enumDescriptions).toHaveLength(kinds.length);
      expect(enumDescriptions.filter((text) => !/^\S.{9,}/.test(text))).toEqual([]);
      expect(defaultSnippets!.map(({ label }) => label)).toEqual(kinds);
    }
  });
});

/** What is in the file when the Tab key has passed all stops of a snippet. */
const inserted = (body: unknown): unknown => {
  const text = JSON.stringify(body)
    .replace(/"\^\$\{\d+:([^}]*)\}"/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1');
  return JSON.parse(text);
};

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  data: dataSchema,
  'downstream[].data': taskDataSchema,
  'augmentation[]': augmentationSchema,
  encoder: encoderSchema,
  head: headSchema,
  loss: lossSchema,
  optimiser: optimiserSchema,
  schedule: scheduleSchema,
  'inspection.data': modelDataSchema,
};

describe('the snippet of every kind', () => {
  const snippets = all.flatMap(([path, { defaultSnippets = [] }]) =>
    defaultSnippets.map(({ label, body }) => [path.slice(1), label, inserted(body)] as const),
  );

  it.each(snippets)('%s: %s is valid as it is inserted', (path, label, value) => {
    expect(value).toMatchObject({ kind: label });
    expect(SCHEMAS[path].safeParse(value).error?.issues).toBeUndefined();
  });

  it('is there once, for each kind of the schema', () => {
    expect(new Set(snippets.map(([path, label]) => `${path} ${label}`)).size).toBe(snippets.length);
    expect(snippets).toHaveLength(47);
  });
});
