import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DataSet, loadData } from '../../../src/data/index.ts';
import { parseCsv } from '../../../src/data/kinds/csv.ts';
import { makeExperiment, messageOf } from './makeExperiment.ts';

let root: string;
let folder: string;
let made = 0;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pentimento-images-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  folder = join(root, String(made++));
  await mkdir(folder);
});

type Colour = readonly [number, number, number];
const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];

const paint = async (path: string, [r, g, b]: Colour, width = 8, height = 8): Promise<void> => {
  await mkdir(dirname(at(path)), { recursive: true });
  await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toFile(at(path));
};

const experiment = (spec: object = {}, rest: object = {}) =>
  makeExperiment({ data: { kind: 'image-folder', path: '.', size: 4, ...spec }, ...rest });
const load = (spec: object = {}, rest: object = {}) => loadData(experiment(spec, rest), folder);
const failure = (spec: object = {}, rest: object = {}) => messageOf(() => load(spec, rest));
const labels = (dataSet: DataSet, name: string) => {
  const found = dataSet.factors.find((candidate) => candidate.name === name);
  if (found?.kind !== 'categorical') throw new Error(`no classes of ${name}`);
  return [...found.values].map((label) => found.classes[label]);
};

describe('class folders', () => {
  beforeEach(async () => {
    await paint('train/cat/1.png', RED);
    await paint('train/dog/1.png', BLUE);
    await paint('test/dog/9.png', BLUE);
  });

  it('reads split/class/image', async () => {
    const { train, test, shape } = await load();
    expect(shape).toEqual([4, 4, 3]);
    expect(labels(train, 'label')).toEqual(['cat', 'dog']);
    expect(labels(test, 'label')).toEqual(['dog']);
    expect([...train.read(0, 2).data]).toEqual([
      ...Array(16).fill([1, 0, 0]).flat(),
      ...Array(16).fill([0, 0, 1]).flat(),
    ]);
  });

  it('reads one channel', async () => {
    await paint('train/cat/1.png', [102, 102, 102]);
    const { train, shape } = await load({ channels: 1 });
    expect(shape).toEqual([4, 4, 1]);
    for (const value of train.read(0, 1).data) expect(Math.abs(value - 0.4)).toBeLessThan(1.5 / 255);
  });

  it('crops the middle of an oblong image', async () => {
    const strip = (colour: Colour) => ({
      input: {
        create: {
          width: 8,
          height: 8,
          channels: 3 as const,
          background: { r: colour[0], g: colour[1], b: colour[2] },
        },
      },
      top: 0,
    });
    const base = {
      create: { width: 24, height: 8, channels: 3 as const, background: { r: 0, g: 255, b: 0 } },
    };
    await sharp(base)
      .composite([
        { ...strip(RED), left: 0 },
        { ...strip(BLUE), left: 16 },
      ])
      .png()
      .toFile(at('train/cat/1.png'));
    // At the size of the short side there is nothing to interpolate.
    const { train } = await load({ size: 8 });
    expect([...train.read(0, 1).data]).toEqual(Array(64).fill([0, 1, 0]).flat());
  });

  it('refuses an empty class folder, a missing folder and an unknown split', async () => {
    await mkdir(at('train/fox'));
    expect(await failure()).toBe(
      `${at('train/fox')}: holds no images. Add images of this class, or remove the folder.`,
    );
    await rm(at('train/fox'), { recursive: true });
    expect(await failure({ path: 'none' })).toBe(`${at('none')}: does not exist. Check the path.`);
    expect(await failure({ testSplit: 'val' })).toBe(
      `/data/testSplit: names the split "val", but ${folder} has test, train. Use an existing split.`,
    );
  });

  it('refuses a corrupt image', async () => {
    await writeFile(at('train/cat/2.png'), 'not an image');
    expect(await failure()).toMatch(
      /^.*train.cat.2\.png: is not a readable image \(.+\)\. Replace or remove it\.$/,
    );
    await rm(at('train/cat/2.png'));
    const noise = Buffer.from(Array.from({ length: 3 * 64 * 64 }, (_, index) => (index * 7919) % 251));
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    await writeFile(at('train/cat/3.png'), whole.subarray(0, whole.length / 2));
    expect(await failure()).toMatch(/3\.png: is not a readable image \(.+\)\. Replace or remove it\.$/);
  });
});

describe('metadata.csv', () => {
  const write = (...lines: string[]) => writeFile(at('metadata.csv'), lines.join('\n'));
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd']) await paint(`${name}.png`, name < 'c' ? RED : BLUE);
  });

  it('gives splits, the label and attributes, but no identifiers', async () => {
    await write(
      'img_id,path,split,label,place,angle',
      '7,a.png,0,1,"sea, open",0.5',
      '8,b.png,0,0,land,2',
      '9,c.png,1,1,land,-1',
      '10,d.png,far,1,"sea, open",0',
    );
    const shifts = [{ name: 'elsewhere', split: 'far' }];
    const { train, test, shifts: loaded } = await load({ trainSplit: '0', testSplit: '1' }, { shifts });
    expect(train.factors.map(({ name }) => name)).toEqual(['label', 'place', 'angle']);
    expect(labels(train, 'label')).toEqual(['1', '0']);
    expect(labels(train, 'place')).toEqual(['sea, open', 'land']);
    expect(train.factors[2]).toMatchObject({ kind: 'continuous', values: Float64Array.of(0.5, 2) });
    expect(labels(test, 'place')).toEqual(['land']);
    expect([...test.read(0, 1).data.slice(0, 3)]).toEqual([0, 0, 1]);
    expect(loaded.map(({ name, size }) => [name, size])).toEqual([['elsewhere', 1]]);
    expect(labels(loaded[0], 'place')).toEqual(['sea, open']);
  });

  it('refuses a missing column, and rows that do not fit', async () => {
    await write('path,label', 'a.png,1');
    const file = at('metadata.csv');
    expect(await failure()).toBe(
      `${file}, line 1: has no column split; it has path, label. Name the columns path, split, label and any attributes.`,
    );
    await write('path,split,path', 'a.png,train,b.png');
    expect(await failure()).toBe(`${file}, line 1: has the column path twice. Rename one of them.`);
    await write('path,split,label', 'a.png,train,1', 'b.png,train,1,2');
    expect(await failure()).toBe(
      `${file}, line 3: has 4 fields under 3 columns. Quote fields that hold commas.`,
    );
    expect(await failure({ metadata: 'none.csv' })).toBe(
      `${at('none.csv')}: does not exist. Check the path.`,
    );
  });

  it('refuses paths that do not exist or lead out of the folder', async () => {
    const file = at('metadata.csv');
    await write('path,split,label', 'a.png,train,1', 'z.png,train,1');
    expect(await failure()).toBe(
      `${file}, line 3: names "z.png", which does not exist in ${folder}. Check the path.`,
    );
    await paint('../outside.png', RED);
    for (const path of ['../outside.png', join(root, 'outside.png'), 'x/../../outside.png', '']) {
      await write('path,split,label', `${path},train,1`);
      expect(await failure()).toBe(
        `${file}, line 2: names the path ${JSON.stringify(path)}, which is not inside ${folder}. ` +
          'Use paths relative to the image folder.',
      );
    }
  });
});

describe('parseCsv', () => {
  const fields = (text: string) => parseCsv(text, 'f.csv').map((row) => row.fields);

  it('follows RFC 4180', () => {
    expect(fields('\ufeffa,b\r\n"1,""x""\n2",\r\n\r\n,3')).toEqual([
      ['a', 'b'],
      ['1,"x"\n2', ''],
      ['', '3'],
    ]);
    expect(parseCsv('a\n"x\ny"\nb', 'f.csv').map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it('refuses a quote that never closes', async () => {
    expect(await messageOf(() => parseCsv('a\n"b\nc', 'f.csv'))).toBe(
      'f.csv, line 2: opens a quote that never closes. Close the quote.',
    );
  });
});
