import { expect, it } from 'vitest';
import { tableOf, withTable } from '../../../scripts/benchTable.mjs';

const row = {
  work: 'a step',
  ours: '2.0 ms',
  peer: { name: 'PyTorch 2.13', measured: '3.0 ms' },
  ratio: { median: 1.5, lowest: 1.2, highest: 12.34 },
  goal: 1,
  agreement: 'losses within 1e-6',
};

it('has a line for each row, with the spread, and what misses its goal in bold', () => {
  const slow = { ...row, goal: 3 };
  const alone = { work: 'another', ours: '1 s', peer: null };
  const lines = tableOf([row, slow, alone], '2026-12-01').split('\n');
  expect(lines.filter((line) => line.startsWith('|')).slice(2)).toEqual([
    '| a step | 2.0 ms | PyTorch 2.13: 3.0 ms | 1.50 (1.20 to 12.3) | 1 | losses within 1e-6 |',
    '| a step | 2.0 ms | PyTorch 2.13: 3.0 ms | **1.50 (1.20 to 12.3)** | 3 | losses within 1e-6 |',
    '| another | 1 s | not measured: not on this machine |  |  |  |',
  ]);
  expect(lines.join('\n')).toMatch(/on 2026-12-01: .+, \d+ cores, \w+, Node \d+\.\d+\.\d+\./);
});

it('replaces the table before, and nothing else', () => {
  const [first, second] = ['one', 'two'].map((work) => tableOf([{ ...row, work }], '2026-12-01'));
  const once = withTable('# Performance\n\nText.\n', first);
  expect(once).toMatch(/^# Performance\n\nText\.\n\n## Everything at once\n\n/);
  const around = `before\n${once}after\n`;
  const twice = withTable(around, second);
  expect(twice).toBe(around.replace('| one |', '| two |'));
});
