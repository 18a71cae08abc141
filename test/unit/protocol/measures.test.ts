import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { definitionsOf, POPULATION_DEFINITIONS } from '../../../src/inspect/definitions.ts';
import {
  isOfShuffled,
  REPRESENTATION_MEASURES,
  representationEntry,
  WEIGHT_DEFINITIONS,
  WEIGHT_MEASURE_KEYS,
  WEIGHT_MEASURES,
} from '../../../src/protocol/index.ts';

const entries = [...Object.values(REPRESENTATION_MEASURES), ...Object.values(WEIGHT_MEASURES)];

describe('the table of measures', () => {
  it('gives documents their definitions, byte for byte', () => {
    // Printed by the code of 0.1.0, which had them in five places; those of probes are of version 2 of the document.
    const kept = readFileSync(new URL('fixtures/definitions.json', import.meta.url), 'utf8');
    const samples = definitionsOf({ pairs: 2000, objects: 256, viewsPerObject: 8 });
    const now = { samples, population: POPULATION_DEFINITIONS, weights: WEIGHT_DEFINITIONS };
    expect(`${JSON.stringify(now, null, 2)}\n`).toBe(kept);
  });

  it('says what each measure tells in whole sentences, without a formula', () => {
    for (const { meaning } of entries) {
      expect(meaning).toMatch(/^(?:[A-Z]|1 when).*\.$/);
      expect(meaning).not.toMatch(/\b(?:sum|sqrt|ln|exp|tr)\b|\^/);
    }
  });

  it('keeps formulas and terminal titles in ASCII, and titles distinct', () => {
    for (const { definition, terminal = '' } of entries) expect(definition + terminal).toMatch(/^[ -~]*$/);
    for (const table of [REPRESENTATION_MEASURES, WEIGHT_MEASURES]) {
      const all = Object.values(table);
      const titles = all.flatMap(({ terminal }) => (terminal === undefined ? [] : [terminal]));
      expect(new Set(titles).size).toBe(titles.length);
      expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
    }
  });

  it('has a direction only where its source has one', () => {
    const directed = Object.entries(REPRESENTATION_MEASURES).flatMap(([key, { better }]) =>
      better === null ? [] : [[key, better]],
    );
    // Garrido et al. 2023; Thilak et al. 2024; Wang and Isola 2020.
    expect(Object.fromEntries(directed)).toEqual({
      rankMe: 'higher',
      lidar: 'higher',
      alignment: 'lower',
      uniformity: 'lower',
    });
    expect(Object.values(WEIGHT_MEASURES).filter(({ better }) => better !== null)).toEqual([]);
  });

  it('has no entry for a key of another version or of an object', () => {
    expect(representationEntry('rankMe')?.label).toBe('RankMe');
    expect(representationEntry('spectralGap')).toBeUndefined();
    expect(representationEntry('constructor')).toBeUndefined();
  });

  it('tells the measures of the shuffled copy by their keys', () => {
    expect(WEIGHT_MEASURE_KEYS.filter(isOfShuffled)).toEqual([
      'aboveShuffled',
      'shuffledSpectralNorm',
      'shuffledStableRank',
      'shuffledEffectiveRank',
      'shuffledAlpha',
    ]);
  });
});
