import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from './cli.ts';
import { cifar10, idx, integers, matrix, npz } from './dataFiles.ts';

const workspace = new Workspace();
const at = (name: string) => workspace.path(name);

const pixels = Array.from({ length: 8 * 4 * 4 }, (_, i) => i);
const images = idx([8, 4, 4], pixels);
const labels = idx([8], [0, 1, 0, 1, 0, 1, 0, 1]);
const zipped = gzipSync(images);

beforeAll(async () => {
  workspace.write('images', images);
  workspace.write('labels', labels);
  workspace.write('cut', images.subarray(0, 100));
  workspace.write('header', images.subarray(0, 10));
  workspace.write('cut.gz', zipped.subarray(0, zipped.length - 20));
  workspace.write('seven', idx([7], [0, 1, 0, 1, 0, 1, 0]));
  workspace.write('cifar', cifar10([0, 1, 2, 3]));
  workspace.write('cifar-cut', cifar10([0, 1, 2, 3]).subarray(0, 4000));
  workspace.write('cifar-label', cifar10([0, 1, 12, 3]));
  const sound = await npz({ x: matrix(8, 3, (i) => i), y: integers([0, 1, 0, 1, 0, 1, 0, 1]) });
  workspace.write('sound.npz', sound);
  workspace.write('cut.npz', sound.subarray(0, sound.length / 2));
  workspace.write('seven.npz', await npz({ x: matrix(8, 3, (i) => i), y: integers([0, 1, 0, 1, 0, 1, 0]) }));
  workspace.write(
    'nan.npz',
    await npz({ x: matrix(8, 3, (i) => (i === 4 ? Number.NaN : i)), y: integers([0, 1, 0, 1, 0, 1, 0, 1]) }),
  );
  workspace.write(
    'wide.npz',
    await npz({ x: matrix(8, 4, (i) => i), y: integers([0, 1, 0, 1, 0, 1, 0, 1]) }),
  );
  for (const name of ['a', 'b']) workspace.write(`folder/${name}.png`, 'no picture');
  workspace.write('folder/metadata.csv', 'path,split,label\na.png,train,0\nb.png,test,0\n');
});

const idxData = (change: Record<string, string> = {}) => ({
  kind: 'idx',
  trainImages: 'images',
  trainLabels: 'labels',
  testImages: 'images',
  testLabels: 'labels',
  ...change,
});
const npzData = (train: string, test = 'sound.npz') => ({ kind: 'npz', train, test });
const cifarData = (train: string) => ({ kind: 'cifar-10', train: [train], test: ['cifar'] });

const refusal = (data: object, change: object = {}) => {
  const file = workspace.write('x.json', {
    name: 'bad-data',
    data,
    encoder: { kind: 'mlp', widths: [2] },
    loss: { kind: 'cross-entropy', label: 'label' },
    optimiser: { kind: 'sgd', learningRate: 0.01 },
    epochs: 1,
    batchSize: 4,
    ...change,
  });
  return workspace.failure('train', file, '--out', 'run');
};

const IDX = 'Use MNIST-style IDX files of unsigned bytes, complete.';
const NPZ = 'Save x (samples first), y and one array per factor with numpy.savez.';
const CIFAR = 'Use the binary version of CIFAR, complete.';

describe('data that cannot be used', () => {
  it.each([
    [
      'a missing file',
      idxData({ trainLabels: 'none' }),
      () => `${at('none')}: does not exist. Check the path.`,
    ],
    [
      'a file cut in its values',
      idxData({ trainImages: 'cut' }),
      () => `${at('cut')}, byte 100: is cut off; 8 x 4 x 4 values take 144 bytes. ${IDX}`,
    ],
    [
      'a file cut in its header',
      idxData({ trainImages: 'header' }),
      () => `${at('header')}, byte 10: is cut off in its header of 16 bytes. ${IDX}`,
    ],
    [
      'a cut gzip file',
      idxData({ trainImages: 'cut.gz' }),
      () =>
        `${at('cut.gz')}, byte ${zipped.length - 20}: the gzip stream is cut off here. Download the file again.`,
    ],
    [
      'labels in place of images',
      idxData({ trainImages: 'labels' }),
      () => `${at('labels')}, byte 0: starts with 0x00000801, not 0x00000803. ${IDX}`,
    ],
    [
      'another count of labels',
      idxData({ trainLabels: 'seven' }),
      () =>
        `${at('seven')}: has 7 labels for the 8 images of ${at('images')}. Use the two files of one split.`,
    ],
    [
      'a cut CIFAR file',
      cifarData('cifar-cut'),
      () => `${at('cifar-cut')}, byte 4000: ends 927 bytes into a record of 3073 bytes. ${CIFAR}`,
    ],
    [
      'a label that CIFAR does not have',
      cifarData('cifar-label'),
      () => `${at('cifar-label')}, byte 6146: has the label 12, above 9. ${CIFAR}`,
    ],
    [
      'a missing npz file',
      npzData('none.npz'),
      () => `${at('none.npz')}: there is no such file. Check the path.`,
    ],
    [
      'an npz file with another count of labels',
      npzData('seven.npz'),
      () => `${at('seven.npz')}, array y: has 7 values for the 8 samples of x. ${NPZ}`,
    ],
    [
      'an npz file with NaN',
      npzData('nan.npz'),
      () => `${at('nan.npz')}, array x: sample 1 holds NaN. Remove samples that are not finite.`,
    ],
    [
      'a test file of another shape',
      npzData('sound.npz', 'wide.npz'),
      () =>
        `${at('wide.npz')}, array x: has samples of shape (4), the training file (3). Give all samples one shape.`,
    ],
  ])('%s', async (_, data, message) => {
    expect(await refusal(data)).toEqual([2, message()]);
    expect(existsSync(at('run'))).toBe(false);
  });

  it('a cut npz file', async () => {
    const [code, message] = await refusal(npzData('cut.npz'));
    expect(code).toBe(2);
    expect(message).toMatch(
      /: is cut short: a zip archive without its end, such as a download that broke off\. /,
    );
    expect(message.startsWith(at('cut.npz'))).toBe(true);
    expect(existsSync(at('run'))).toBe(false);
  });

  it('a picture that is none', async () => {
    const [code, message] = await refusal({ kind: 'image-folder', path: 'folder', size: 8 });
    expect(code).toBe(2);
    expect(message).toMatch(/\/folder\/a\.png: is not a readable image \(.+\)\. Replace or remove it\.$/);
    expect(existsSync(at('run'))).toBe(false);
  });

  it('a batch larger than the files hold, without the samples that are held out', async () => {
    expect(await refusal(npzData('sound.npz'), { batchSize: 9 })).toEqual([
      2,
      'x.json /batchSize: asks for 9 samples of a training set of 7. Use at most 7.',
    ]);
    expect(existsSync(at('run'))).toBe(false);
  });

  it('a label that the data does not have', async () => {
    const loss = { kind: 'cross-entropy', label: 'colour' };
    expect(await refusal(npzData('sound.npz'), { loss })).toEqual([
      2,
      "x.json /loss/label: the data has no categorical factor 'colour'. Use one of: label.",
    ]);
  });

  it('an absolute path is not taken for a place in the experiment', async () => {
    expect(await refusal(npzData('/data/none.npz'))).toEqual([
      2,
      '/data/none.npz: there is no such file. Check the path.',
    ]);
  });
});
