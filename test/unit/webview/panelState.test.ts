import { describe, expect, it } from 'vitest';
import { panelState, readPanelState } from '../../../webview/panel/panelState.ts';

const subject = { run: 'file:///w/.pentimento/runs/demo', state: 'epoch-0003' };

describe('the state that a panel keeps over a reload', () => {
  it('comes back as it was, through the JSON that VS Code keeps', () => {
    const state = panelState([subject, { ...subject, state: 'last' }], 'encoder.pool');
    expect(readPanelState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('holds the subjects and the layer alone, whatever else comes with a subject', () => {
    const run = { ...subject, analysis: { layers: [] } };
    expect(panelState([run], null)).toEqual({ version: 2, subjects: [subject], layer: null });
  });

  it.each([
    ['another version', { version: 1, subjects: [subject], layer: null }],
    ['no version', { subjects: [subject], layer: null }],
    ['a version as text', { version: '1', subjects: [subject], layer: null }],
    ['no subjects', { version: 2, layer: null }],
    ['a subject without a state', { version: 2, subjects: [{ run: subject.run }], layer: null }],
    ['a layer that is no name', { version: 2, subjects: [subject], layer: 3 }],
    ['no layer', { version: 2, subjects: [subject] }],
    ['nothing', undefined],
    ['null', null],
    ['text', 'state'],
  ])('is discarded with %s', (_, value) => {
    expect(readPanelState(value)).toBeNull();
  });
});
