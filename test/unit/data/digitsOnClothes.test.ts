import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { composeDigitOnClothes, shrinkDigit } from '../../../src/data/composition.ts';
import { channelStatistics, type Data, loadData, openBatches } from '../../../src/data/index.ts';
import { readIdxPair } from '../../../src/data/kinds/idx.ts';
import digits from './fixtures/digits.json' with { type: 'json' };
import { makeExperiment } from './makeExperiment.ts';

const bundled = join(import.meta.dirname, '../../../media/data/digits-on-clothes');
const pair = (name: string) =>
  readIdxPair(join(bundled, `${name}-images.idx.gz`), join(bundled, `${name}-labels.idx.gz`));

const data = (parts: object = {}) => ({ kind: 'digits-on-clothes', train: 400, test: 100, ...parts });

describe('composition', () => {
  it('averages digits over areas as NumPy does', () => {
    for (const { digit, expected } of digits) {
      expect([...shrinkDigit(Uint8Array.from(digit))]).toEqual(expected);
    }
  });

  it('blends inside the digit only, and pads the clothes by 2', () => {
    const digit = new Uint8Array(256);
    digit[0] = 255; // at row 8, column 8 of the image
    const clothes = new Uint8Array(784).fill(51);
    const image = composeDigitOnClothes(digit, clothes, 0.75);
    expect(image[8 * 32 + 8]).toBeCloseTo(0.25 * 0.2 + 0.75, 6);
    expect(image[8 * 32 + 9]).toBeCloseTo(0.2, 6);
    expect(image[2 * 32 + 2]).toBeCloseTo(0.2, 6);
    expect(image[29 * 32 + 29]).toBeCloseTo(0.2, 6);
    expect([image[2 * 32 + 1], image[32 + 2], image[30 * 32 + 2], image[29 * 32 + 30]]).toEqual([0, 0, 0, 0]);
  });
});

describe('bundled images', () => {
  it.each([
    ['train', 1000],
    ['test', 200],
  ])('%s holds %i of every class', async (split, each) => {
    for (const name of ['digits', 'clothes']) {
      const { images, labels } = await pair(`${name}-${split}`);
      expect(images.shape).toEqual([10 * each, 28, 28]);
      const counts = new Array(10).fill(0);
      for (const label of labels) counts[label]++;
      expect(counts).toEqual(new Array(10).fill(each));
    }
  });

  it('share no image between training and test split', async () => {
    for (const name of ['digits', 'clothes']) {
      const texts = async (split: string) => {
        const { images } = await pair(`${name}-${split}`);
        return Array.from({ length: images.shape[0] }, (_, at) =>
          Buffer.from(images.values.subarray(at * 784, (at + 1) * 784)).toString('latin1'),
        );
      };
      const train = new Set(await texts('train'));
      expect((await texts('test')).filter((image) => train.has(image))).toEqual([]);
    }
  });
});

describe('digits-on-clothes', () => {
  let loaded: Data;
  beforeAll(async () => {
    const shifts = [{ name: 'bare', strength: 0 }];
    loaded = await loadData(makeExperiment({ data: data(), shifts }), '');
  });

  it('has three factors, superclass following from clothes', () => {
    expect(loaded.shape).toEqual([32, 32, 1]);
    expect(loaded.train.factors.map(({ name }) => name)).toEqual(['digit', 'clothes', 'superclass']);
    const [, clothes, superclass] = loaded.train.factors;
    if (clothes.kind !== 'categorical' || superclass.kind !== 'categorical') throw new Error('kind');
    const expected: Record<string, string> = {
      'T-shirt/top': 'tops',
      trouser: 'trousers',
      pullover: 'tops',
      dress: 'tops',
      coat: 'tops',
      sandal: 'footwear',
      shirt: 'tops',
      sneaker: 'footwear',
      bag: 'bags',
      'ankle boot': 'footwear',
    };
    clothes.values.forEach((label, sample) => {
      const worn = superclass.classes[superclass.values[sample]];
      expect(worn).toBe(expected[clothes.classes[label]]);
    });
  });

  it('composes the images that its factors name', async () => {
    const sources = { digit: await pair('digits-train'), clothes: await pair('clothes-train') };
    const { data: values } = loaded.train.read(0, 3);
    for (let sample = 0; sample < 3; sample++) {
      const image = values.subarray(sample * 1024, (sample + 1) * 1024);
      const candidates = (name: 'digit' | 'clothes', at: number) => {
        const { images, labels } = sources[name];
        const label = loaded.train.factors[at].values[sample];
        return [...labels.keys()]
          .filter((index) => labels[index] === label)
          .map((index) => images.values.subarray(index * 784, (index + 1) * 784));
      };
      // Outside the middle 16 x 16 pixels the image is the clothing alone.
      const outside = [...image.keys()].filter((at) => {
        const [y, x] = [Math.floor(at / 32), at % 32];
        return y < 8 || y >= 24 || x < 8 || x >= 24;
      });
      const nothing = new Uint8Array(256);
      const clothes = candidates('clothes', 1).filter((candidate) => {
        const bare = composeDigitOnClothes(nothing, candidate, 0.7);
        return outside.every((at) => bare[at] === image[at]);
      });
      expect(clothes.length).toBeGreaterThan(0);
      const made = candidates('digit', 0).some((digit) => {
        const whole = composeDigitOnClothes(shrinkDigit(digit), clothes[0], 0.7);
        return whole.every((value, at) => value === image[at]);
      });
      expect(made).toBe(true);
    }
  });

  it('pairs digit and clothes independently, and otherwise for another seed', async () => {
    const whole = await loadData(makeExperiment({ data: { kind: 'digits-on-clothes' } }), '');
    const other = await loadData(makeExperiment({ data: { kind: 'digits-on-clothes' }, seed: 6 }), '');
    const [digit, clothes] = whole.train.factors.map(({ values }) => values);
    expect(digit.length).toBe(10_000);
    const counts = new Float64Array(100);
    digit.forEach((label: number, sample: number) => {
      counts[label * 10 + clothes[sample]]++;
    });
    // Pearson's statistic with 81 degrees of freedom; 150 is beyond its 1e-5 quantile.
    const statistic = counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(statistic).toBeLessThan(150);
    expect(other.train.factors[0].values).not.toEqual(digit);
    expect(other.hash).not.toBe(whole.hash);
  });

  it('shows bare clothes under the shift to strength 0, with the same labels', () => {
    const [bare] = loaded.shifts;
    expect([bare.name, bare.size]).toEqual(['bare', 100]);
    expect(bare.factors).toEqual(loaded.test.factors);
    expect(bare.read(0, 1).data).not.toEqual(loaded.test.read(0, 1).data);
  });

  it('is hashed alike twice', async () => {
    const again = await loadData(
      makeExperiment({ data: data(), shifts: [{ name: 'bare', strength: 0 }] }),
      '',
    );
    expect(again.hash).toBe(loaded.hash);
    expect(loaded.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await loadData(makeExperiment({ data: data({ strength: 0.6 }) }), '')).hash).not.toBe(
      loaded.hash,
    );
  });

  it('has the channel statistics of all its pixels', () => {
    const pixels = Float64Array.from(loaded.train.read(0, 400).data);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const square = pixels.reduce((sum, value) => sum + value ** 2, 0) / pixels.length;
    const statistics = channelStatistics(loaded.train);
    expect(statistics.mean[0]).toBeCloseTo(mean, 9);
    expect(statistics.std[0]).toBeCloseTo(Math.sqrt(square - mean ** 2), 9);
  });
});

describe('drop-digit', () => {
  /** How often the views of every sample are the bare clothing, over a few epochs. */
  const dropRates = async (strength: number, augmentation: object[]): Promise<number[]> => {
    const experiment = makeExperiment({
      data: data({ strength }),
      augmentation,
      batchSize: 400,
      epochs: 10,
      shifts: [],
    });
    const loaded = await loadData(experiment, '');
    const bareExperiment = makeExperiment({ data: data({ strength: 0 }), augmentation: [], batchSize: 400 });
    const bareData = await loadData(bareExperiment, '');
    const source = openBatches(experiment, loaded, { views: 2, workers: 0 });
    const bare = openBatches(bareExperiment, bareData, { views: 1, workers: 0 });
    const dropped = [0, 0];
    for (let epoch = 0; epoch < 10; epoch++) {
      const { x } = await source.batch(epoch, 0);
      const { x: clothes } = await bare.batch(epoch, 0);
      for (let row = 0; row < 800; row++) {
        const view = x.data.subarray(row * 1024, (row + 1) * 1024);
        const original = clothes.data.subarray((row % 400) * 1024, ((row % 400) + 1) * 1024);
        const isBare = view.every((value: number, at: number) => value === original[at]);
        if (isBare) dropped[Math.floor(row / 400)]++;
      }
    }
    return dropped.map((count) => count / 4000);
  };

  it('removes the digit exactly, with the drop rate, from the first view only', async () => {
    const [first, second] = await dropRates(1, [{ kind: 'drop-digit', probability: 0.75 }]);
    expect(Math.abs(first - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 4000));
    expect(second).toBe(0);
  });

  it('never at 0, always at 1, and from both views when asked', async () => {
    expect(await dropRates(0.7, [{ kind: 'drop-digit', probability: 0 }])).toEqual([0, 0]);
    expect(await dropRates(0.7, [{ kind: 'drop-digit', probability: 1, views: 'both' }])).toEqual([1, 1]);
  });
});
