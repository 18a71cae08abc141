import { describe, expect, it } from 'vitest';
import { ANALYSIS_DOCUMENT, type Analysis, Fault, parseDocument } from '../../../src/protocol/index.ts';
import { inventedImageReport } from '../webview/inventedReport.ts';

const { analysis } = inventedImageReport();
const weight = { feature: 'digit', weight: 0.5, absent: false, source: 'factor' };

/** The text of an analysis whose first layer has these lists, and the similarity these rows. */
const textWith = (layer: object, cka: unknown = analysis.similarity.cka): string => {
  const [first, ...others] = analysis.layers;
  const similarity = { ...analysis.similarity, cka };
  return JSON.stringify({ ...analysis, layers: [{ ...first, ...layer }, ...others], similarity });
};
const parse = (text: string): Analysis => parseDocument(ANALYSIS_DOCUMENT, text, 'analysis.json');
const faultOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Fault) return `${error.where}: ${error.what}`;
    throw error;
  }
  throw new Error('was accepted');
};

describe('the long lists of an analysis', () => {
  it('are read as they are', () => {
    const estimate = { value: 0.1, interval: [0, 0.2] };
    const lists = {
      singularValues: [2, 0.5, 0],
      singularValueErrors: [0.1, 0, 0],
      viewCorrelation: [0.5, -0.25],
      featureWeights: [
        weight,
        { ...weight, interval: [0, 1] },
        { ...weight, interval: [0, 1], etaSquared: estimate, information: estimate, note: 'few samples' },
      ],
    };
    const cka = [[1, null], [null, -0.5], []];
    const read = parse(textWith(lists, cka));
    expect(read.layers[0]).toMatchObject(lists);
    expect(read.similarity.cka).toEqual(cka);
  });

  it.each([
    ['singularValues', [1, -1], '[1]: Too small: expected number to be >=0'],
    ['singularValues', [1, null], '[1]: Invalid input: expected number, received null'],
    ['singularValues', undefined, ': Invalid input: expected array, received undefined'],
    ['singularValueErrors', ['1'], '[0]: Invalid input: expected number, received string'],
    ['viewCorrelation', { length: 0 }, ': Invalid input: expected array, received object'],
    ['featureWeights', [weight, 7], '[1]: Invalid input: expected object, received number'],
    ['featureWeights', [[]], '[0]: Invalid input: expected object, received array'],
    ['featureWeights', [{ ...weight, more: 1 }], '[0]: Unrecognized key: "more"'],
    [
      'featureWeights',
      [{ ...weight, interval: [0] }],
      '[0].interval: Too small: expected array to have >=2 items',
    ],
    [
      'featureWeights',
      [{ ...weight, interval: [0, '1'] }],
      '[0].interval[1]: Invalid input: expected number, received string',
    ],
    ['featureWeights', [{ ...weight, weight: -0.5 }], '[0].weight: Too small: expected number to be >=0'],
    [
      'featureWeights',
      [{ ...weight, absent: undefined }],
      '[0].absent: Invalid input: expected boolean, received undefined',
    ],
    [
      'featureWeights',
      [{ ...weight, feature: 3 }],
      '[0].feature: Invalid input: expected string, received number',
    ],
    [
      'featureWeights',
      [{ ...weight, source: 'else' }],
      '[0].source: Invalid option: expected one of "factor"|"coordinate"|"direction"',
    ],
  ])('name what is wrong in %s, %j', (list, value, words) => {
    expect(faultOf(textWith({ [list]: value }))).toBe(`analysis.json, layers[0].${list}${words}`);
  });

  it('name a number that is too large for a double, and a cell that is none', () => {
    const infinite = textWith({ singularValues: [123456.5] }).replace('123456.5', '1e999');
    expect(faultOf(infinite)).toMatch(/^analysis\.json, layers\[0\]\.singularValues\[0\]: /);
    expect(faultOf(textWith({}, [[1], [null, 'x']]))).toBe(
      'analysis.json, similarity.cka[1][1]: Invalid input: expected number, received string',
    );
  });
});
