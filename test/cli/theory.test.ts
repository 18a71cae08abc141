import { expect, it } from 'vitest';
import { theorySchema } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';

const workspace = new Workspace();
const QUESTION = [
  'theory',
  '--strengths',
  '0.3,0.6,1,1.5,2.5',
  '--noise',
  '1,0.5,1,0.5,0.3',
  '--layers',
  '2',
];
/** phi / (phi^2 + sigma^2), computed by hand. */
const POST = [0.3 / 1.09, 0.6 / 0.61, 0.5, 0.6, 2.5 / 6.34];

it('gives the weights of two layers as one document', async () => {
  const document = theorySchema.parse(await workspace.json(...QUESTION));
  expect(document.layers.map(({ layer }) => layer)).toEqual([1, 2]);
  const [pre, post] = document.layers.map(({ weights }) => weights);
  expect(post.map((weight) => weight.toFixed(4))).toEqual(['0.2752', '0.9836', '0.5000', '0.6000', '0.3943']);
  POST.forEach((weight, j) => {
    expect(post[j]).toBeCloseTo(weight, 12);
    expect(pre[j]).toBeCloseTo(Math.sqrt(weight), 12);
  });
});

it('prints them as tables, with the advice for every feature', async () => {
  const lines = (await workspace.succeed(...QUESTION)).split('\n').map((line) => line.trim().split(/\s{2,}/));
  expect(lines).toContainEqual(['layer 1 (pre)', '0.5246', '0.9918', '0.7071', '0.7746', '0.6280']);
  expect(lines).toContainEqual(['layer 2 (post)', '0.2752', '0.9836', '0.5000', '0.6000', '0.3943']);
  const advice = lines.filter(([feature]) => /^[1-5]$/.test(feature));
  expect(advice.map((row) => row[3])).toEqual(['pre', 'post', 'pre', 'post', 'pre']);
});

it.each([
  [
    ['--strengths', '1,x'],
    "option '--strengths <list>' argument '1,x' is invalid. 'x' is not a number; give numbers separated by commas. Add --help for the options.",
  ],
  [['--strengths', '1,0'], '--strengths: value 2 is 0. Give a finite number above 0.'],
  [['--noise', '1'], '--noise: holds 1 values for 2 features. Give 2 numbers, one per feature.'],
  [['--noise=1,-1'], '--noise: value 2 is -1. Give a finite number of at least 0.'],
  [['--layers', '2000'], '--layers: 2000 is not a number of layers. Give a whole number from 1 to 1000.'],
  [
    ['--layers', '0'],
    "option '--layers <count>' argument '0' is invalid. Give a positive number. Add --help for the options.",
  ],
])('refuses %j', async (change, message) => {
  const question = ['--strengths', '1,2', '--noise', '1,1', '--layers', '2'];
  expect(await workspace.failure('theory', ...question, ...change)).toEqual([2, message]);
});
