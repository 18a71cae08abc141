import { expect, it, vi } from 'vitest';
import { recordingWords } from '../../../extension/inline/recordingWords.ts';

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...parts: unknown[]) => text.replace(/\{(\d)\}/g, (_, place) => String(parts[place])),
  },
}));

const summary = { layers: 3, samples: 1200, dimensions: [4, 784], labels: [], isConventional: true } as const;
const many = Array.from({ length: 20 }, (_, at) => `label${at}`);

it.each([
  [summary, 'recording of 3 layers, 1,200 samples, 4 to 784 dimensions'],
  [
    { ...summary, layers: 1, samples: 1, dimensions: [768, 768] as const, labels: ['digit', 'clothes'] },
    'recording of 1 layer, 1 sample, 768 dimensions, labels digit, clothes',
  ],
  [
    { ...summary, labels: many },
    `recording of 3 layers, 1,200 samples, 4 to 784 dimensions, labels ${many.slice(0, 8).join(', ')}, …`,
  ],
])('a recording in words: %#', (given, words) => {
  expect(recordingWords(given)).toBe(words);
});
