import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../extension/runs/settings.ts';
import { inventedImageReport } from '../webview/inventedReport.ts';

describe('the settings of a run', () => {
  const { record } = inventedImageReport().subject;
  const changed = (changes: Record<string, unknown>) =>
    settingsOf({ ...record, experiment: { ...record.experiment, ...changes } });

  it('are the same whatever the seed, and the words about it', () => {
    const same = changed({ seed: 7, name: 'other', description: 'Once more.', $schema: './schema.json' });
    expect(same).toBe(settingsOf({ ...record, name: 'other', seed: 7, created: '2026-01-01T00:00:00Z' }));
  });

  it.each([
    ['epochs', 99],
    ['head', { kind: 'none' }],
    ['layers', ['input']],
  ])('change with %s', (key, value) => {
    expect(changed({ [key]: value })).not.toBe(settingsOf(record));
  });

  it('do not depend on the order in which a file has its keys', () => {
    const reversed = Object.fromEntries(Object.entries(record.experiment).reverse());
    expect(settingsOf({ ...record, experiment: reversed })).toBe(settingsOf(record));
  });
});
