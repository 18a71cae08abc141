import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { experimentJsonSchema, parseExperiment, presets } from '../../../src/experiment/index.ts';

const examples = new URL('../../../examples/', import.meta.url);
const files = readdirSync(examples).filter((file) => file.endsWith('.experiment.json'));
const read = (file: string) => readFileSync(new URL(file, examples), 'utf8');

describe('the ready experiments', () => {
  it.each(files)('%s is valid and named after its file', (file) => {
    const experiment = parseExperiment(read(file), file);
    expect(`${experiment.name}.experiment.json`).toBe(file);
    expect(experiment.description).toMatch(/^.{20,140}$/);
    expect(experiment.$schema).toBe('../media/schema/experiment.schema.json');
  });

  it('are the presets, all of them', () => {
    expect(
      presets()
        .map(({ name }) => `${name}.experiment.json`)
        .sort(),
    ).toEqual([...files].sort());
    for (const { name, file } of presets()) expect(file).toEqual(JSON.parse(read(`${name}.experiment.json`)));
  });
});

describe('the JSON Schema of an experiment', () => {
  it('asks only for what has no default, and refuses unknown keys', () => {
    const schema = experimentJsonSchema();
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.required).toEqual(['name', 'data', 'encoder', 'loss', 'optimiser', 'epochs']);
    expect(schema).toHaveProperty('additionalProperties', false);
  });
});
