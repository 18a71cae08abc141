import { existsSync, readdirSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { readNpz } from '../../src/checkpoint/index.ts';
import { Workspace } from './cli.ts';

/** A data set's names of factors are only names, not paths, and not keys that objects already have. */
const workspace = new Workspace();

const png = (seed: number) =>
  sharp({
    create: { width: 8, height: 8, channels: 3, background: { r: 40 * seed, g: 10, b: 200 - 30 * seed } },
  })
    .png()
    .toBuffer();

/** A folder of eight pictures whose metadata.csv has one more column of this name. */
const trainWith = async (run: string, column: string): Promise<void> => {
  const pictures = [0, 1, 2, 3, 4, 5, 6, 7];
  for (const seed of pictures) workspace.write(`${run}-data/${seed}.png`, await png(seed % 4));
  const rows = pictures.map(
    (seed) => `${seed}.png,${seed < 4 ? 'train' : 'test'},${seed % 2},${seed % 2 ? 'a' : 'b'}`,
  );
  workspace.write(`${run}-data/metadata.csv`, `path,split,label,${column}\n${rows.join('\n')}\n`);
  const file = workspace.write(`${run}.experiment.json`, {
    name: 'names',
    data: { kind: 'image-folder', path: `${run}-data`, size: 8 },
    augmentation: [{ kind: 'gaussian-noise', sigma: 0.1 }],
    encoder: { kind: 'linear', widths: [4] },
    head: { kind: 'linear', width: 4 },
    loss: { kind: 'nt-xent' },
    optimiser: { kind: 'adam', learningRate: 0.01 },
    epochs: 1,
    batchSize: 4,
  });
  await workspace.json('train', file, '--out', run);
};

const embed = (run: string) => [
  'embed',
  run,
  '--layer',
  'encoder.1',
  '--data',
  'test',
  '--out',
  `${run}.npz`,
];

beforeAll(() => trainWith('sound', '__proto__'));

it('a factor called __proto__ is an array like any other', async () => {
  await workspace.json(...embed('sound'));
  const arrays = await readNpz(workspace.path('sound.npz'));
  expect([...arrays.keys()]).toEqual([
    'representations',
    'label',
    'label.classes',
    '__proto__',
    '__proto__.classes',
  ]);
  expect(arrays.get('__proto__.classes')?.data).toEqual(['a', 'b']);
});

it.each([
  ['../../../x', 'it leads out of the folder of the archive'],
  ['/etc/x', 'it is the path of a file elsewhere'],
  ['C:x', 'it is the path of a file elsewhere'],
  ['a\\b', 'a backslash parts folders on some systems'],
  ['representations', 'another array has that name'],
  ['label.classes', 'another array has that name'],
])('a factor called %s is a located fault, and nothing is written', async (column, why) => {
  const run = `run-${column.replaceAll(/\W/g, '-')}`;
  await trainWith(run, column);
  const before = readdirSync(workspace.folder);
  const [code, message] = await workspace.failure(...embed(run));
  expect(message).toBe(
    `a factor of the data set "test": has the name ${JSON.stringify(column)}, which no array of an .npz archive can have: ${why}. Rename it.`,
  );
  expect([code, existsSync(workspace.path(`${run}.npz`))]).toEqual([2, false]);
  expect(readdirSync(workspace.folder)).toEqual(before);
});
