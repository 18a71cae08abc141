import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkExperiment, loadExperiment, parseExperiment } from '../../../src/experiment/index.ts';
import { Fault } from '../../../src/protocol/index.ts';

const file = {
  name: 'small',
  data: { kind: 'synthetic', strengths: [1, 2] },
  augmentation: [{ kind: 'additive', sigma: 1 }],
  encoder: { kind: 'linear', widths: [2] },
  loss: { kind: 'spectral' },
  optimiser: { kind: 'sgd', learningRate: 0.1 },
  epochs: 3,
};

/** One member per line, so that lines are easy to count: member n of the file is on line n + 1. */
const text = (change: Record<string, unknown> = {}): string =>
  `{\n${Object.entries({ ...file, ...change })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}\n`;

const messageOf = (source: string): string => {
  try {
    parseExperiment(source, 'x.json');
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).kind).toBe('input');
    return (error as Fault).message;
  }
  throw new Error('the text was accepted');
};

describe('parseExperiment', () => {
  it('fills in the defaults', () => {
    const experiment = parseExperiment(text(), 'x.json');
    expect(experiment).toMatchObject({
      seed: 0,
      head: { kind: 'none' },
      schedule: { kind: 'constant', warmupEpochs: 0 },
      batchSize: 256,
      data: { factors: 'rademacher', sampling: 'sampled', train: 10_000 },
    });
  });

  it('accepts a byte-order mark', () => {
    expect(parseExperiment(`\uFEFF${text()}`, 'x.json').name).toBe('small');
  });

  it.each([
    ['', 'x.json:1:1: expected a value, found the end of the file.'],
    ['{\n  "a": 1\n  "b": 2\n}', 'x.json:3:3: expected "," or "}", found """. Add the missing character.'],
    ['{"a": [1, 2,]}', 'x.json:1:12: a comma before "]" is not JSON. Remove the comma.'],
    ['{"a": 1, "a": 2}', 'x.json:1:10: the key "a" appears twice. Remove one of the two.'],
    ["{'a': 1}", 'x.json:1:2: expected a key in double quotes, found "\'".'],
    ['{\n// note\n"a": 1}', 'x.json:2:1: a comment is not JSON.'],
    ['{"a": "open\n}', 'x.json:1:7: the string is not closed or holds an invalid character.'],
    ['{"a": 01}', 'x.json:1:7: expected a value, found "0".'],
    ['{"a": NaN}', 'x.json:1:7: expected a value, found "N".'],
    ['{"a": 1} x', 'x.json:1:10: expected the end of the file, found "x".'],
    ['{"a": 1', 'x.json:1:8: expected "," or "}", found the end of the file.'],
    ['{"a" 1}', 'x.json:1:6: expected ":" after the key "a", found "1". Add the colon.'],
    ['['.repeat(5000), 'x.json:1:102: values are nested deeper than 100.'],
    ['[]', 'x.json:1:1: the file is an empty list. Give an object.'],
  ])('locates the syntax error of %j', (source, message) => {
    expect(messageOf(source)).toContain(message);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { epoch: 3 },
      'x.json:9:3 /epoch: unknown key "epoch". Did you mean "epochs"? The known keys: "$schema", "name"',
    ],
    [
      { encoder: { kind: 'linear', widht: [2] } },
      'x.json:5:31 /encoder/widht: unknown key "widht". Did you mean "widths"? The known keys: "kind", "widths", "initialScale".',
    ],
    [{ zzzzzz: 1 }, 'x.json:9:3 /zzzzzz: unknown key "zzzzzz". Use one of the known keys: '],
    [
      { data: { kind: 'synthetic' } },
      'x.json:3:11 /data/strengths: "strengths" is missing. Add "strengths": a list of at least 1, each a number above 0.',
    ],
    [{ epochs: 1.5 }, 'x.json:8:13 /epochs: epochs is 1.5. Give a whole number above 0.'],
    [{ epochs: '3' }, 'x.json:8:13 /epochs: epochs is "3". Give a whole number above 0.'],
    [{ seed: -1 }, 'x.json:9:11 /seed: seed is -1. Give a whole number from 0 to 4294967295.'],
    [
      { optimiser: { kind: 'sgd', learningRate: 0 } },
      'x.json:7:45 /optimiser/learningRate: learningRate is 0. Give a number above 0.',
    ],
    [
      { optimiser: { kind: 'sgd', learningRate: 1, momentum: 1 } },
      '/optimiser/momentum: momentum is 1. Give a number of at least 0 and below 1.',
    ],
    [
      { loss: { kind: 'nt-xnet' } },
      'x.json:6:19 /loss/kind: kind is "nt-xnet". Did you mean "nt-xent"? The kinds: "spectral", "supervised-spectral", "nt-xent", "supervised-contrastive", "cross-entropy", "mean-squared-error".',
    ],
    [
      { encoder: { widths: [2] } },
      '/encoder/kind: "kind" is missing. Add "kind": one of "linear", "diagonal", "mlp", "cnn", "resnet18-cifar".',
    ],
    [{ loss: 3 }, '/loss: loss is 3. Give an object whose "kind" is one of "spectral"'],
    [
      { augmentation: [{ kind: 'additive', sigma: [1, -1] }] },
      'x.json:4:50 /augmentation/0/sigma/1: sigma[1] is -1. Give a number of at least 0.',
    ],
    [
      { augmentation: [{ kind: 'additive', sigma: 'much' }] },
      '/augmentation/0/sigma: sigma is "much". Give a number of at least 0, or a list of at least 1, each a number of at least 0.',
    ],
    [
      { augmentation: [{ kind: 'drop', probability: 1.5 }] },
      '/augmentation/0/probability: probability is 1.5. Give a number from 0 to 1, or a list',
    ],
    [
      { data: { kind: 'synthetic', strengths: [1], factors: 'normal' } },
      '/data/factors: factors is "normal". Give one of "rademacher", "gaussian".',
    ],
    [
      { name: 'Not Allowed' },
      'x.json:2:11 /name: name is "Not Allowed". Give a string: use lower-case letters',
    ],
    [
      { layers: 'some' },
      '/layers: layers is "some". Give "all", or a list of at least 1, each a non-empty string.',
    ],
    [{ layers: [] }, '/layers: layers is an empty list. Give a list of at least 1, each a non-empty string.'],
    [
      { optimiser: undefined },
      'x.json:1:1 /optimiser: "optimiser" is missing. Add "optimiser": an object whose "kind"',
    ],
  ])('locates the schema error of %j', (change, message) => {
    expect(messageOf(text(change))).toContain(message);
  });

  it('keeps a key like __proto__ an unknown key', () => {
    expect(messageOf(text().replace('"name"', '"__proto__": {"seed": 5},\n"name"'))).toContain('"__proto__"');
  });

  it('says every problem on one line, and lists them all', () => {
    const { problems } = checkExperiment(text({ epochs: 0, seed: 'x', extra: 1 }));
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/extra', '/seed', '/epochs']);
    expect(messageOf(text({ name: 'a\nb' }))).not.toContain('\n');
  });
});

describe('loadExperiment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pentimento-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads a file', async () => {
    const path = join(folder, 'small.experiment.json');
    await writeFile(path, text());
    expect((await loadExperiment(path)).epochs).toBe(3);
  });

  it('names a missing file', async () => {
    const path = join(folder, 'none.experiment.json');
    await expect(loadExperiment(path)).rejects.toThrow(`${path}: there is no such file. Give the path of`);
  });

  it('names a folder', async () => {
    await expect(loadExperiment(folder)).rejects.toThrow('is a folder, not a file. Give the path of a file.');
  });
});
