import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NpyArray } from '../../../src/checkpoint/index.ts';
import { type Data, type DataSet, loadData, loadSplit } from '../../../src/data/index.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { makeExperiment, messageOf } from './makeExperiment.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

const load = (data: object, rest: object = {}, base = folder): Promise<Data> =>
  loadData(makeExperiment({ data, ...rest }), base);
const failure = (data: object, rest: object = {}, base = folder) => messageOf(() => load(data, rest, base));

const factor = (dataSet: DataSet, name: string) => {
  const found = dataSet.factors.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no factor ${name}`);
  return found.kind === 'categorical'
    ? [...found.values].map((label) => found.classes[label])
    : [...found.values];
};

describe('idx', () => {
  /** Two images of 2 x 3 with the pixels 0 ... 11. */
  const images = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, ...Array(12).keys()]);
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 1, 3]);
  const spec = {
    kind: 'idx',
    trainImages: 'images.gz',
    trainLabels: 'labels',
    testImages: 'images',
    testLabels: 'labels',
  };
  beforeAll(async () => {
    await writeFile(at('images'), images);
    await writeFile(at('images.gz'), gzipSync(images));
    await writeFile(at('labels'), labels);
  });

  it('reads plain and gzipped files', async () => {
    const { train, test, shape } = await load(spec);
    expect(shape).toEqual([2, 3, 1]);
    for (const split of [train, test]) {
      expect([...split.read(0, 2).data]).toEqual([
        ...Float32Array.from(Array(12).keys(), (byte) => byte / 255),
      ]);
      expect(split.read(1, 2)).toMatchObject({ dtype: 'float32', shape: [1, 2, 3, 1] });
      expect(factor(split, 'label')).toEqual(['1', '3']);
    }
    const named = await load({ ...spec, classes: ['a', 'b', 'c', 'd'] });
    expect(factor(named.train, 'label')).toEqual(['b', 'd']);
    const { data: plain } = makeExperiment({ data: spec });
    expect(factor(await loadSplit(plain, folder, 0, 'test'), 'label')).toEqual(['1', '3']);
  });

  it('refuses a missing file', async () => {
    expect(await failure({ ...spec, trainLabels: 'none' })).toBe(
      `${at('none')}: does not exist. Check the path.`,
    );
    expect(await failure({ ...spec, trainLabels: '.' })).toBe(
      `${folder}: is a folder, not a file. Give the path of a file.`,
    );
  });

  it('refuses truncated and overlong files, with the byte', async () => {
    const remedy = 'Use MNIST-style IDX files of unsigned bytes, complete.';
    await writeFile(at('cut'), images.subarray(0, 20));
    expect(await failure({ ...spec, trainImages: 'cut' })).toBe(
      `${at('cut')}, byte 20: is cut off; 2 x 2 x 3 values take 28 bytes. ${remedy}`,
    );
    await writeFile(at('cut'), images.subarray(0, 9));
    expect(await failure({ ...spec, trainImages: 'cut' })).toBe(
      `${at('cut')}, byte 9: is cut off in its header of 16 bytes. ${remedy}`,
    );
    await writeFile(at('long'), Buffer.concat([images, Buffer.from([1])]));
    expect(await failure({ ...spec, trainImages: 'long' })).toBe(
      `${at('long')}, byte 28: continues after its 2 x 2 x 3 values. ${remedy}`,
    );
  });

  it('refuses damaged gzip streams', async () => {
    const packed = gzipSync(images);
    await writeFile(at('cut.gz'), packed.subarray(0, 25));
    expect(await failure({ ...spec, trainImages: 'cut.gz' })).toBe(
      `${at('cut.gz')}, byte 25: the gzip stream is cut off here. Download the file again.`,
    );
    packed[14] ^= 0xff;
    await writeFile(at('bad.gz'), packed);
    expect(await failure({ ...spec, trainImages: 'bad.gz' })).toMatch(
      /bad\.gz: is not valid gzip \(.+\)\. Download the file again\.$/,
    );
  });

  it('refuses a wrong magic number', async () => {
    expect(await failure({ ...spec, trainImages: 'labels' })).toBe(
      `${at('labels')}, byte 10: is cut off in its header of 16 bytes. ` +
        'Use MNIST-style IDX files of unsigned bytes, complete.',
    );
    expect(await failure({ ...spec, trainLabels: 'images' })).toBe(
      `${at('images')}, byte 0: starts with 0x00000803, not 0x00000801. ` +
        'Use MNIST-style IDX files of unsigned bytes, complete.',
    );
  });

  it('refuses counts that do not match, and labels without a name', async () => {
    await writeFile(at('three'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]));
    expect(await failure({ ...spec, trainLabels: 'three' })).toBe(
      `${at('three')}: has 3 labels for the 2 images of ${at('images.gz')}. Use the two files of one split.`,
    );
    expect(await failure({ ...spec, classes: ['a', 'b', 'c'] })).toBe(
      `${at('labels')}: sample 1 has the label 3, but there are 3 class names. Complete /data/classes.`,
    );
  });

  it('refuses splits of different shapes', async () => {
    const other = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, ...Array(12).keys()]);
    await writeFile(at('turned'), other);
    expect(await failure({ ...spec, testImages: 'turned' })).toBe(
      '/data: test has samples of 3 x 2 x 1, train of 2 x 3 x 1. Give all samples one shape.',
    );
  });
});

describe('cifar', () => {
  /** Red, green and blue planes; the first pixel is (1, 2, 3), the last (251, 252, 253). */
  const planes = Buffer.alloc(3072);
  [0, 1, 2].forEach((channel) => {
    planes[channel * 1024] = channel + 1;
    planes[channel * 1024 + 1023] = channel + 251;
  });
  const record = (...labels: number[]) => Buffer.concat([Buffer.from(labels), planes]);

  it('reads CIFAR-10 from several files', async () => {
    await writeFile(at('a.bin'), Buffer.concat([record(0), record(9)]));
    await writeFile(at('b.bin'), record(6));
    const { train, test } = await load({ kind: 'cifar-10', train: ['a.bin', 'b.bin'], test: ['b.bin'] });
    expect(train.shape).toEqual([32, 32, 3]);
    expect(factor(train, 'label')).toEqual(['airplane', 'truck', 'frog']);
    expect(factor(test, 'label')).toEqual(['frog']);
    const { data } = train.read(2, 3);
    expect([...data.slice(0, 3)]).toEqual([...Float32Array.of(1 / 255, 2 / 255, 3 / 255)]);
    expect([...data.slice(-3)]).toEqual([...Float32Array.of(251 / 255, 252 / 255, 253 / 255)]);
  });

  it('reads fine and coarse labels of CIFAR-100', async () => {
    await writeFile(at('c.bin'), Buffer.concat([record(11, 19), record(0, 4)]));
    const { train } = await load({ kind: 'cifar-100', train: ['c.bin'], test: ['c.bin'] });
    expect(factor(train, 'label')).toEqual(['cattle', 'beaver']);
    expect(factor(train, 'coarse')).toEqual(['large_omnivores_and_herbivores', 'aquatic_mammals']);
  });

  it('refuses truncated files and impossible labels, with the byte', async () => {
    const spec = { kind: 'cifar-10', train: ['bad.bin'], test: ['bad.bin'] };
    const remedy = 'Use the binary version of CIFAR, complete.';
    await writeFile(at('bad.bin'), Buffer.concat([record(1), Buffer.alloc(100)]));
    expect(await failure(spec)).toBe(
      `${at('bad.bin')}, byte 3173: ends 100 bytes into a record of 3073 bytes. ${remedy}`,
    );
    await writeFile(at('bad.bin'), Buffer.concat([record(1), record(10)]));
    expect(await failure(spec)).toBe(`${at('bad.bin')}, byte 3073: has the label 10, above 9. ${remedy}`);
    await writeFile(at('bad.bin'), record(3, 100));
    expect(await failure({ ...spec, kind: 'cifar-100' })).toBe(
      `${at('bad.bin')}, byte 1: has the label 100, above 99. ${remedy}`,
    );
  });
});

describe('npz', () => {
  const spec = { kind: 'npz', train: 'vectors-train.npz', test: 'vectors-test.npz' };

  it('reads what NumPy wrote, with every further array as a factor', async () => {
    const { train, test, shape } = await load(spec, {}, fixtures);
    expect(shape).toEqual([3]);
    expect([...train.read(1, 3).data]).toEqual([0.375, 0.5, 0.625, 0.75, 0.875, 1]);
    expect([...test.read(0, 1).data]).toEqual([10, 10.125, 10.25]);
    expect(factor(train, 'label')).toEqual(['2', '0', '2', '1']);
    expect(factor(test, 'label')).toEqual(['5', '0']);
    expect(factor(train, 'place')).toEqual(['sea', 'land', 'sea', 'sea']);
    expect(factor(train, 'wet')).toEqual(['1', '0', '1', '1']);
    expect(factor(train, 'age')).toEqual([0.5, 1.25, -3, 8]);
    for (const { train: split } of [{ train }, { train: test }]) {
      const [label] = split.factors;
      expect(label).toMatchObject({ name: 'label', kind: 'categorical', classes: ['0', '1', '2', '5'] });
    }
  });

  it('reads images of bytes as values in [0, 1]', async () => {
    const images = { kind: 'npz', train: 'images.npz', test: 'images.npz' };
    const { train, shape } = await load(images, {}, fixtures);
    const { bytes } = JSON.parse(await readFile(join(fixtures, 'colours.json'), 'utf8'));
    expect(shape).toEqual([7, 9, 3]);
    expect([...train.read(1, 2).data]).toEqual([
      ...Float32Array.from(bytes as number[], (byte) => byte / 255),
    ]);
  });

  it('reads float images of one channel, and refuses values that are none', async () => {
    const grey = { kind: 'npz', train: 'grey.npz', test: 'grey.npz' };
    const { train, shape } = await load(grey, {}, fixtures);
    expect(shape).toEqual([2, 2, 1]);
    expect([...train.read(1, 2).data]).toEqual([...Float32Array.of(0.5 / 3, 0.5, 0.5 / 3, 0.5 / 3)]);
    expect(await failure({ ...grey, train: 'bright.npz' }, {}, fixtures)).toBe(
      `${join(fixtures, 'bright.npz')}, array x: sample 1 of the images holds 1.5, outside 0 to 1. ` +
        'Store images as uint8, or as floats from 0 to 1.',
    );
    expect(await failure({ ...grey, train: 'nan.npz' }, {}, fixtures)).toBe(
      `${join(fixtures, 'nan.npz')}, array x: sample 2 holds NaN. Remove samples that are not finite.`,
    );
  });

  it('takes a shift from another file, and refuses classes that it alone has', async () => {
    const shifts = [{ name: 'far', data: 'vectors-test.npz' }];
    const { shifts: loaded } = await load(spec, { shifts }, fixtures);
    expect(loaded.map(({ name, size }) => [name, size])).toEqual([['far', 2]]);
    const same = { ...spec, test: 'vectors-train.npz' };
    expect(await failure(same, { shifts }, fixtures)).toBe(
      `${join(fixtures, 'vectors-test.npz')}, array y: sample 0 has the class 5, which is in neither train nor test. ` +
        'Add such samples to the training file, or drop them here.',
    );
    expect(await failure(spec, { shifts: [{ name: 'far' }] }, fixtures)).toBe(
      '/shifts/0: gives no other file. Add "data", the path of an .npz file.',
    );
  });

  const column = { dtype: 'int64', shape: [2], data: Float64Array.of(3, 4) } as const;
  const samples = { dtype: 'float64', shape: [2, 1], data: Float64Array.of(0, 1) } as const;

  /** Writes an archive whose array `stand` has another name of the same length. */
  const writeNamed = async (file: string, stand: string, name: string): Promise<void> => {
    const written = await encodeNpz(
      new Map<string, NpyArray>([
        ['x', samples],
        [stand, column],
      ]),
    );
    const bytes = Buffer.from(written).toString('latin1').replaceAll(`${stand}.npy`, `${name}.npy`);
    await writeFile(at(file), bytes, 'latin1');
  };

  it.each(['../../../x', '/etc/passwd', 'C:\\x\\..\\y', 'a\0b', '__proto__', 'constructor'])(
    'reads an array called %j as the factor of that name',
    async (name) => {
      await writeNamed('odd.npz', 'n'.repeat(name.length), name);
      const { train } = await load({ kind: 'npz', train: 'odd.npz', test: 'odd.npz' });
      expect(train.factors.map((each) => each.name)).toEqual([name]);
      expect(factor(train, name)).toEqual(['3', '4']);
    },
  );

  it('says which array it means, also one without a name or with that of a path', async () => {
    const remedy = 'Save x (samples first), y and one array per factor with numpy.savez.';
    const arrays = new Map<string, NpyArray>([
      ['x', samples],
      ['', { ...column, shape: [1, 2] }],
    ]);
    await writeFile(at('empty.npz'), await encodeNpz(arrays));
    expect(await failure({ kind: 'npz', train: 'empty.npz', test: 'empty.npz' })).toBe(
      `${at('empty.npz')}, array "": has the shape (1, 2), not one value per sample. ${remedy}`,
    );
    await writeNamed('odd.npz', 'nnnn', '../z');
    await writeFile(at('none.npz'), await encodeNpz(new Map([['x', samples]])));
    expect(await failure({ kind: 'npz', train: 'odd.npz', test: 'none.npz' })).toBe(
      `${at('none.npz')}: has no array "../z", which the training file has. Give every file the same arrays.`,
    );
  });

  it('refuses arrays that are the same factor', async () => {
    const arrays = new Map<string, NpyArray>([
      ['x', samples],
      ['y', column],
      ['label', column],
    ]);
    await writeFile(at('both.npz'), await encodeNpz(arrays));
    expect(await failure({ kind: 'npz', train: 'both.npz', test: 'both.npz' })).toBe(
      `${at('both.npz')}: has both y and label, which are the same factor. Rename one of the two.`,
    );
  });

  it('refuses missing arrays and counts that do not match', async () => {
    const remedy = 'Save x (samples first), y and one array per factor with numpy.savez.';
    expect(await failure({ ...spec, train: 'short-labels.npz' }, {}, fixtures)).toBe(
      `${join(fixtures, 'short-labels.npz')}, array y: has 3 values for the 4 samples of x. ${remedy}`,
    );
    expect(await failure({ ...spec, train: 'no-x.npz' }, {}, fixtures)).toBe(
      `${join(fixtures, 'no-x.npz')}: has no array x. ${remedy}`,
    );
    expect(await failure({ ...spec, test: 'images.npz' }, {}, fixtures)).toBe(
      `${join(fixtures, 'images.npz')}: has no array place, which the training file has. ` +
        'Give every file the same arrays.',
    );
  });
});
