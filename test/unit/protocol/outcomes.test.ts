import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  analysisSchema,
  isOutcomesOf,
  packOutcomes,
  packParts,
  unpackOutcomes,
} from '../../../src/protocol/index.ts';

describe('outcomes of samples', () => {
  // base64.b64encode(np.packbits(bits, bitorder='little'))
  it.each([
    [[1], 'AQ=='],
    [[0, 1, 1, 0, 0, 0, 0, 1, 1], 'hgE='],
    [Array(16).fill(1), '//8='],
    [[0, 0, 0, ...Array(21).fill(1)], '+P//'],
  ])('are the bits that numpy packs: %j', (bits, packed) => {
    expect(packOutcomes(bits)).toBe(packed);
    expect([...unpackOutcomes(packed, bits.length)]).toEqual(bits);
  });

  it('come back, and have the length that a document is checked for', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (correct) => {
        const packed = packOutcomes(correct);
        expect(isOutcomesOf(packed, correct.length)).toBe(true);
        expect(isOutcomesOf(packed, correct.length + 25)).toBe(false);
        expect([...unpackOutcomes(packed, correct.length)]).toEqual(correct.map(Number));
      }),
    );
  });
});

describe('parts of R²', () => {
  it('are the float32 that numpy packs', () => {
    // base64.b64encode(np.float32([0.5, -3, 1e-3]).tobytes())
    expect(packParts([0.5, -3, 1e-3])).toBe('AAAAPwAAQMBvEoM6');
  });

  it('come back to single precision, and are told from bits', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 100 }), (parts) => {
        const packed = packParts(parts);
        expect(isOutcomesOf(packed, parts.length)).toBe(true);
        expect([...unpackOutcomes(packed, parts.length)]).toEqual(parts);
      }),
    );
  });
});

describe('an analysis', () => {
  const score = { accuracy: 0.5, interval: [0, 1], samples: 9 };
  const evaluation = { ...score, on: 'test', groups: [], worstGroup: null, trainWeightedAccuracy: null };
  const withProbe = (version: number, probe: object) => ({
    version,
    experiment: 'e',
    seed: 0,
    epoch: 1,
    step: 1,
    backend: 'native',
    dataHash: '',
    samples: { train: 9, test: 9 },
    definitions: {},
    layers: [
      {
        name: 'a',
        part: 'encoder',
        role: 'inner',
        dimensions: 2,
        samples: 9,
        pooling: 'none',
        singularValues: [],
        centredSingularValues: [],
        measures: {},
        featureWeights: [],
        inequality: { effectiveNumber: { value: 1 }, gini: { value: 0 } },
        viewCorrelation: [],
        probes: [
          {
            task: 't',
            factor: 'f',
            classes: 2,
            method: 'knn',
            trainSamples: 9,
            shuffledNull: score,
            ...probe,
          },
        ],
      },
    ],
    similarity: { samples: 0, cka: [] },
    absent: { threshold: '', byLayer: {} },
    theory: null,
  });

  it('of version 1 opens, without outcomes', () => {
    const [{ probes }] = analysisSchema.parse(withProbe(1, { evaluations: [evaluation] })).layers;
    expect(probes[0]).toMatchObject({ outOfFold: null, c: null, evaluations: [{ outcomes: null }] });
  });

  it('says where the outcomes are of another number of samples', () => {
    const check = (outcomes: string) =>
      analysisSchema.safeParse(withProbe(2, { evaluations: [{ ...evaluation, outcomes }] }));
    expect(check(packOutcomes(Array(9).fill(true))).success).toBe(true);
    const [issue] = check(packOutcomes(Array(25).fill(true))).error!.issues;
    expect(issue.message).toBe('has outcomes of another number of samples');
    expect(issue.path.slice(-3)).toEqual(['evaluations', 0, 'outcomes']);
    expect(check('not base64!!').success).toBe(false);
  });
});
