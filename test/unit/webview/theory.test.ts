import { describe, expect, it } from 'vitest';
import { theoryDocument } from '../../../src/theory/index.ts';
import {
  describeBest,
  describeCell,
  FIRST_FORM,
  questionOf,
  theoryLayers,
  theoryTable,
} from '../../../webview/series/theory.ts';

const question = questionOf(FIRST_FORM);
if (typeof question === 'string') throw new Error(question);
const document = theoryDocument(question);

describe('questionOf', () => {
  it('reads numbers between commas, semicolons and spaces', () => {
    expect(
      questionOf({ ...FIRST_FORM, strengths: ' 0.3,  1;2e-1 ', noise: '1 0 .5', layers: ' 3 ' }),
    ).toEqual({
      strengths: [0.3, 1, 0.2],
      noise: [1, 0, 0.5],
      layers: 3,
    });
  });

  it.each([
    [{ strengths: '1, two' }, 'Strengths: two is not a number. Separate numbers with commas.'],
    [{ noise: '1, 0x' }, 'Noise: 0x is not a number. Separate numbers with commas.'],
    [{ noise: 'Infinity' }, 'Noise: Infinity is not a number. Separate numbers with commas.'],
    [{ strengths: '1,'.repeat(201) }, 'Strengths: 201 numbers are too many. Give at most 200.'],
    [{ layers: '2.5' }, 'Layers: give a whole number from 1 to 100.'],
    [{ layers: '' }, 'Layers: give a whole number from 1 to 100.'],
    [{ layers: '1e9' }, 'Layers: give a whole number from 1 to 100.'],
    [{ drop: '0, x' }, 'Dropped: x is not a number. Separate numbers with commas.'],
    [{ downstream: 'y' }, 'Downstream: y is not a number. Separate numbers with commas.'],
    [{ weightDecay: '0.1, 0.2' }, 'Weight decay: give one number.'],
  ])('says what is wrong with %j', (change, expected) => {
    expect(questionOf({ ...FIRST_FORM, ...change })).toBe(expected);
  });
});

describe('what may be left out', () => {
  it('is asked for when it is given', () => {
    const given = { ...FIRST_FORM, drop: '0 0 0 0 1', weightDecay: '0.1', downstream: '1,1,1,1,1' };
    expect(questionOf(given)).toMatchObject({
      drop: [0, 0, 0, 0, 1],
      weightDecay: 0.1,
      downstreamStrengths: [1, 1, 1, 1, 1],
    });
    expect(Object.keys(question)).toEqual(['strengths', 'noise', 'layers']);
  });

  it('says that no layer has a feature that every view lacks', () => {
    const asked = questionOf({ ...FIRST_FORM, drop: '0 0 0 0 1' });
    if (typeof asked === 'string') throw new Error(asked);
    const lost = theoryDocument(asked);
    expect(describeBest(lost, -1)).toMatch(/feature 5: none, no layer has it\.$/);
    expect(describeBest(lost, 0)).not.toContain('feature 5');
  });
});

describe('the prediction', () => {
  // s = phi / (phi^2 + sigma^2) for phi = 1, sigma = 1 is 1/2; after the first of two layers its square root.
  it('names the layers, and the weight of a cell', () => {
    expect(theoryLayers(document)).toEqual(['layer 1', 'layer 2 (output)']);
    expect(describeCell(document, 0, 2)).toBe(
      'layer 1, feature 3 (strength 1, noise 1): predicted weight 0.7071; the layer to keep for this feature',
    );
    expect(describeCell(document, 1, 2)).toBe(
      'layer 2 (output), feature 3 (strength 1, noise 1): predicted weight 0.5',
    );
  });

  it('says which layer to keep for which feature', () => {
    expect(describeBest(document, 0)).toBe(
      'layer 1 is the layer to keep for feature 1, feature 3, feature 5.',
    );
    expect(describeBest(document, -1)).toMatch(/^The layer to keep: feature 1: layer 1; feature 2: layer 2/);
  });

  it('has a row for each layer and feature in its table', () => {
    const { columns, rows } = theoryTable(document);
    expect(rows).toHaveLength(10);
    const [layer, feature, weight, keep] = ['layer', 'feature', 'predicted weight', 'to keep'].map((name) =>
      columns.indexOf(name),
    );
    const row = rows.find((cells) => cells[layer] === 2 && cells[feature] === 4);
    expect(row?.[weight]).toBeCloseTo(1.5 / (1.5 ** 2 + 0.5 ** 2), 14);
    expect(row?.[keep]).toBe('yes');
  });
});
