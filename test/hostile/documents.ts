import {
  ANALYSIS_DOCUMENT,
  type DocumentKind,
  OPENING_DOCUMENT,
  parseDocument,
  RECOMMENDATIONS_DOCUMENT,
  RUN_DOCUMENT,
  SELECTIONS_DOCUMENT,
} from '../../src/protocol/index.ts';
import { oneOf } from '../corpus/random.ts';
import { parseMetrics } from '../unit/protocol/parseMetrics.ts';
import { checkFault } from './contract.ts';
import type { Generator } from './generator.ts';
import { anyJson, hostileJson } from './jsonTexts.ts';
import { type Dice, hostile, name, once, times, worn } from './values.ts';

const measure = (value: number | null) => ({ value });
const candidate = (layer: string) => ({
  layer,
  accuracy: 0.9,
  interval: [0.8, 0.95],
  standardError: 0.02,
  samples: 300,
});

const RUN = {
  version: 1,
  name: 'a run',
  baseDirectory: '.',
  experiment: { name: 'a run', data: { kind: 'npz' } },
  seed: 1,
  backend: { kind: 'native', reason: 'it is there', threads: 1 },
  versions: { node: '20' },
  dataHash: 'abc',
  layers: [{ name: 'encoder.1', part: 'encoder', shape: [4, 4] }],
  parameters: 10,
  stepsPerEpoch: 10,
  totalSteps: 100,
  created: '2026-01-01T00:00:00.000Z',
};
const SELECTIONS = {
  selections: [{ layer: 'encoder.1', task: 'digit', chosenAt: '2026-01-01T00:00:00.000Z' }],
};
const OPENING = { panels: [{ page: 'spectra', run: 'a' }] };
const RECOMMENDATIONS = {
  step: 4,
  recommendations: [
    {
      task: 'digit',
      method: 'logistic',
      on: 'test',
      criterion: 'accuracy',
      verdict: 'clear',
      recommended: candidate('a'),
      runnerUp: null,
      best: candidate('a'),
      ranking: [candidate('a'), candidate('b')],
      reason: 'it is best',
    },
  ],
};
const ANALYSIS = {
  version: 1,
  run: 'a',
  epoch: 1,
  step: 10,
  samples: { train: 10, test: 10 },
  layers: [{ name: 'a', part: 'encoder', role: 'inner', dimensions: 4, measures: { rank: measure(3) } }],
};

const KINDS: readonly (readonly [file: string, kind: DocumentKind<unknown>, sound: unknown])[] = [
  ['run.json', RUN_DOCUMENT, RUN],
  ['selection.json', SELECTIONS_DOCUMENT, SELECTIONS],
  ['show.json', OPENING_DOCUMENT, OPENING],
  ['recommendations.json', RECOMMENDATIONS_DOCUMENT, RECOMMENDATIONS],
  ['analysis.json', ANALYSIS_DOCUMENT, ANALYSIS],
];

const wornText = (text: string, random: Dice): string =>
  Buffer.from(worn(Buffer.from(text), random)).toString('utf8');

const METRIC = { step: 1, epoch: 0.1, loss: 1.5, learningRate: 0.1 };

const metricsText = (random: Dice): string => {
  if (hostile(60, random)) return '\n'.repeat(200_000);
  const lines = times(random(30), (at) =>
    hostile(20, random) ? anyJson(random) : hostileJson({ ...METRIC, step: at + 1 }, random, 80),
  );
  return wornText(lines.map((line) => `${line}\n`).join(''), random);
};

const isOpened = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch (error) {
    checkFault(error);
    return false;
  }
};

export const documents: Generator = {
  name: 'document',
  cases: 1500,
  run: async (random) => {
    const folder = hostile(10, random) ? name(random) : 'runs/a';
    if (once(6, random)) return isOpened(() => parseMetrics(metricsText(random), `${folder}/metrics.jsonl`));
    const [file, kind, sound] = oneOf(KINDS, random);
    const text = wornText(hostileJson(sound, random, oneOf([6, 20, 60], random)), random);
    return isOpened(() => parseDocument(kind, text, `${folder}/${file}`));
  },
};
