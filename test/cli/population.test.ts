import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/protocol/index.ts';
import { example, Workspace } from './cli.ts';
import { drawSetting, layerName, linearPopulation, weightsAfter } from './experiments.ts';
import { seededRandom } from './seededRandom.ts';

const workspace = new Workspace();
const random = seededRandom(20240117);

const weightsAt = ({ layers }: Analysis, name: string): number[] =>
  layers.find((layer) => layer.name === name)!.featureWeights.map(({ weight }) => weight);

const settings = [2, 3, 4].flatMap((depth) =>
  (['identity', 'random'] as const).map((directions) => ({ ...drawSetting(random, depth), directions })),
);

describe('linear layers on exact moments', () => {
  it.each(settings.map((setting, index) => ({ index, ...setting })))(
    'end at s^(l/$depth) (draw $index, $directions directions)',
    async ({ index, ...setting }) => {
      const file = workspace.write(`${index}.experiment.json`, linearPopulation(setting));
      await workspace.json('train', file, '--out', `run-${index}`);
      const analysis = await workspace.json<Analysis>('inspect', `run-${index}`);
      for (let layer = 1; layer <= setting.depth; layer++) {
        const measured = weightsAt(analysis, layerName(layer, setting.depth));
        const expected = weightsAfter(setting, layer);
        expect(measured).toHaveLength(expected.length);
        measured.forEach((weight, j) => {
          expect(Math.abs(weight / expected[j] - 1)).toBeLessThan(0.01);
        });
      }
    },
  );
});

it('the thresholded diagonal network leaves features absent above that it holds below (paper, T7)', async () => {
  await workspace.json('train', example('diagonal-absent'), '--out', 'diagonal');
  const analysis = await workspace.json<Analysis>('inspect', 'diagonal');
  const pre = weightsAt(analysis, 'encoder.1');
  const post = weightsAt(analysis, 'head.1');
  // Features 1 and 2 never cross the threshold: no gradient, so the initial 0.3 is unchanged to the last bit.
  expect(pre.slice(0, 2)).toEqual([0.3, 0.3].map(Math.fround));
  expect(post.slice(0, 2)).toEqual([0, 0]);
  // The rest end where E f^2 = 1, so the weight is 1 / phi after the head.
  [1 / 2, 1 / 3, 1 / 4].forEach((weight, j) => {
    expect(post[2 + j]).toBeCloseTo(weight, 3);
  });
  [0.928, 0.715, 0.597].forEach((weight, j) => {
    expect(Math.abs(pre[2 + j] - weight)).toBeLessThan(0.002);
  });
  expect(analysis.absent.byLayer['encoder.1']).toEqual([]);
  expect(analysis.absent.byLayer['head.1']).toEqual(['feature-1', 'feature-2']);
});
