import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Analysis } from '../../src/protocol/index.ts';
import { example, Workspace } from './cli.ts';
import { drawSetting, layerName, weightsAfter } from './experiments.ts';
import { seededRandom } from './seededRandom.ts';

const workspace = new Workspace();

it('two linear layers on 50,000 samples end within 5 % of theory', async () => {
  const setting = drawSetting(seededRandom(7), 2);
  const features = setting.strengths.length;
  const { $schema: _, ...settings } = JSON.parse(readFileSync(example('linear-sampled'), 'utf8'));
  expect(settings.data.train).toBe(50_000);
  const file = workspace.write('sampled.experiment.json', {
    ...settings,
    data: { ...settings.data, strengths: setting.strengths },
    augmentation: [{ kind: 'additive', sigma: setting.noise }],
    encoder: { ...settings.encoder, widths: [features] },
    head: { ...settings.head, width: features },
  });
  await workspace.json('train', file, '--out', 'run');
  const { layers } = await workspace.json<Analysis>('inspect', 'run');
  for (const layer of [1, 2]) {
    const { featureWeights } = layers.find(({ name }) => name === layerName(layer, 2))!;
    const expected = weightsAfter(setting, layer);
    const deviations = featureWeights.map(({ weight }, j) => Math.abs(weight / expected[j] - 1));
    expect(deviations).toHaveLength(features);
    expect(Math.max(...deviations)).toBeLessThan(0.05);
  }
});
