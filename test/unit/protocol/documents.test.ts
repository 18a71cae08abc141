import { describe, expect, it } from 'vitest';
import {
  ANALYSIS_DOCUMENT,
  analysisFile,
  Fault,
  parseDocument,
  RECOMMENDATIONS_DOCUMENT,
  SELECTIONS_DOCUMENT,
  stateOfEpoch,
  withSelection,
} from '../../../src/protocol/index.ts';
import { parseMetrics } from './parseMetrics.ts';

/** Not covered by the store's tests: these are also called with text that was not read from a run folder. */

const faultOf = (work: () => unknown): Fault => {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('did not fail');
};

describe('parseDocument', () => {
  const selection = { layer: 'encoder.2', task: 'digit', chosenAt: '2026-01-02T03:04:05.000Z' };
  const parse = (text: string) => parseDocument(SELECTIONS_DOCUMENT, text, 'selection.json');
  const listed = (...selections: unknown[]) => JSON.stringify({ selections });

  it('gives what the text holds', () => {
    const other = { ...selection, task: null };
    expect(parse(listed(selection, other))).toEqual({ selections: [selection, other] });
  });

  it('takes the one selection that the first versions kept', () => {
    expect(parse(JSON.stringify(selection))).toEqual({ selections: [selection] });
  });

  it.each([
    ['null', 'selection.json'],
    ['[]', 'selection.json'],
    [listed({ ...selection, layer: '' }), 'selection.json, selections[0].layer'],
    [JSON.stringify({ ...selection, chosenAt: 'yesterday' }), 'selection.json, selections[0].chosenAt'],
    [listed(selection, { ...selection, more: 1 }), 'selection.json, selections[1]'],
    [listed(selection, { ...selection, layer: 'encoder.1' }), 'selection.json, selections'],
  ])('names the place of what is wrong in %s', (text, where) => {
    const fault = faultOf(() => parse(text));
    expect([fault.kind, fault.where, fault.remedy]).toEqual(['input', where, 'Choose the layers again']);
    expect(fault.message).not.toContain('\n');
  });

  it('says what to do about a newer version before anything else that is wrong', () => {
    const fault = faultOf(() =>
      parseDocument(ANALYSIS_DOCUMENT, '{"version": 7, "news": true}', 'analysis.json'),
    );
    expect([fault.where, fault.remedy]).toEqual(['analysis.json', 'Update Pentimento']);
    expect(fault.what).toMatch(/^has version 7, /);
  });

  it('finds a recommendation that is damaged', () => {
    const text = JSON.stringify({ step: 3, recommendations: [{ task: 1 }] });
    const fault = faultOf(() => parseDocument(RECOMMENDATIONS_DOCUMENT, text, 'recommendations.json'));
    expect(fault.where).toBe('recommendations.json, recommendations[0].task');
    const empty = parseDocument(RECOMMENDATIONS_DOCUMENT, '{"step":0,"recommendations":[]}', '');
    expect(empty).toEqual({ step: 0, recommendations: [] });
  });
});

describe('parseMetrics', () => {
  it('takes a file of no bytes and one of a torn line as none', () => {
    expect(parseMetrics('', 'metrics.jsonl')).toEqual([]);
    expect(parseMetrics('{"step":1,"epoch":0.1,"loss":', 'metrics.jsonl')).toEqual([]);
  });

  it('counts lines from 1, empty ones too', () => {
    const line = '{"step":1,"epoch":0,"loss":-2.5,"learningRate":0.1}\n';
    expect(parseMetrics(line, 'metrics.jsonl')).toEqual([
      { step: 1, epoch: 0, loss: -2.5, learningRate: 0.1 },
    ]);
    expect(faultOf(() => parseMetrics(`${line}\n${line}`, 'metrics.jsonl')).where).toBe(
      'metrics.jsonl, line 2',
    );
  });
});

describe('names in the run folder', () => {
  it('sort as their epochs do, up to 9999', () => {
    expect([1, 42, 9999, 12345].map(stateOfEpoch)).toEqual([
      'epoch-0001',
      'epoch-0042',
      'epoch-9999',
      'epoch-12345',
    ]);
  });

  it('give the newest state and kept ones analyses of their own', () => {
    expect(analysisFile('last')).toBe('analysis.json');
    expect(analysisFile('epoch-0005')).toBe('analyses/epoch-0005.json');
  });
});

describe('withSelection', () => {
  const at = (layer: string, task: string | null) => ({ layer, task, chosenAt: '2026-01-02T03:04:05.000Z' });

  it('keeps what was chosen for other tasks, and puts the latest first', () => {
    const first = withSelection({ selections: [] }, at('a', 'digit'));
    const both = withSelection(first, at('b', 'clothes'));
    expect(both.selections).toEqual([at('b', 'clothes'), at('a', 'digit')]);
    expect(withSelection(both, at('c', 'digit')).selections).toEqual([at('c', 'digit'), at('b', 'clothes')]);
    expect(withSelection(both, at('d', null)).selections).toHaveLength(3);
  });
});
