import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Workspace } from './cli.ts';

const workspace = new Workspace();

const experiment = {
  name: 'bad',
  data: { kind: 'synthetic', strengths: [1, 2], sampling: 'population' },
  augmentation: [{ kind: 'additive', sigma: 1 }],
  encoder: { kind: 'linear', widths: [2] },
  head: { kind: 'linear', width: 2 },
  loss: { kind: 'spectral' },
  optimiser: { kind: 'sgd', learningRate: 0.02 },
  epochs: 2,
};

/** One member per line, so that member n is on line n + 1. */
const text = (change: Record<string, unknown> = {}): string =>
  `{\n${Object.entries({ ...experiment, ...change })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}\n`;

const training = (...args: string[]) => workspace.failure('train', ...args, '--out', 'run');
const sampled = { data: { kind: 'synthetic', strengths: [1, 2], train: 100 }, batchSize: 200 };

describe('an experiment that is wrong', () => {
  it.each([
    [
      'a wrong field',
      text({ optimiser: { kind: 'sgd', learningRate: 'fast' } }),
      'x.json:8:45 /optimiser/learningRate: learningRate is "fast". Give a number above 0.',
    ],
    [
      'a wrong kind',
      text({ encoder: { kind: 'lineer', widths: [2] } }),
      'x.json:5:22 /encoder/kind: kind is "lineer". Did you mean "linear"? The kinds: "linear", "diagonal", "mlp", "cnn", "resnet18-cifar".',
    ],
    [
      'a missing field',
      text({ epochs: undefined }),
      'x.json:1:1 /epochs: "epochs" is missing. Add "epochs": a whole number above 0.',
    ],
    [
      'an unknown key',
      text({ head: { kind: 'linear', witdh: 2 } }),
      'x.json:6:28 /head/witdh: unknown key "witdh". Did you mean "width"? The known keys: "kind", "width", "initialScale".',
    ],
    [
      'a comma too many',
      '{\n  "name": "x",\n}\n',
      'x.json:2:14: a comma before "}" is not JSON. Remove the comma.',
    ],
    [
      'a file that ends too early',
      '{\n  "name": "x"',
      'x.json:2:14: expected "," or "}", found the end of the file. Add the missing character.',
    ],
    [
      'a list of another length',
      text({ augmentation: [{ kind: 'additive', sigma: [1, 2, 3] }] }),
      'x.json:4:47 /augmentation/0/sigma: sigma has 3 values for 2 features. Give one value, or one for each of data.strengths.',
    ],
    [
      'parts that do not go together',
      text({ loss: { kind: 'nt-xent' } }),
      'x.json:7:19 /loss/kind: population data has no samples for the nt-xent loss. Use the spectral loss, or "sampling": "sampled".',
    ],
    [
      'a batch larger than the data',
      text(sampled),
      'x.json:10:16 /batchSize: a batch of 200 is larger than the 100 training samples. Use at most 100.',
    ],
    [
      'an unknown layer',
      text({ layers: ['encoder.1', 'encoder.2'] }),
      'x.json /layers/1: the model has no layer \'encoder.2\'. Use "all" or some of: input, encoder.1, head.1.',
    ],
  ])('with %s is refused', async (_, source, message) => {
    workspace.write('x.json', source);
    expect(await training('x.json')).toEqual([2, message]);
    expect(existsSync(workspace.path('run'))).toBe(false);
  });

  it('that is not there is refused', async () => {
    const remedy = 'Give the path of an experiment file (*.experiment.json).';
    expect(await training('none.json')).toEqual([2, `none.json: there is no such file. ${remedy}`]);
    expect(await training('.')).toEqual([2, '.: is a folder, not a file. Give the path of a file.']);
    expect(existsSync(workspace.path('run'))).toBe(false);
  });
});

describe('wrong arguments', () => {
  it.each([
    [['tarin'], "unknown command 'tarin' (Did you mean train?). Add --help for the options."],
    [['train'], "missing required argument 'file'. Add --help for the options."],
    [
      ['train', 'x.json', '--sed', '1'],
      "unknown option '--sed' (Did you mean --seed?). Add --help for the options.",
    ],
    [
      ['train', 'x.json', '--seed', '-1'],
      "option '--seed <number>' argument '-1' is invalid. Give a whole number. Add --help for the options.",
    ],
    [
      ['inspect', 'run', '--backend', 'gnu'],
      "option '--backend <name>' argument 'gnu' is invalid. Allowed choices are auto, native, webgpu, wasm, tensorflow, eager. Add --help for the options.",
    ],
    [
      ['export', 'run', '--out', 'x.onnx'],
      "required option '--layer <name>' not specified. Add --help for the options.",
    ],
  ])('%j are refused in one line', async (args, message) => {
    const { code, stdout, stderr } = await workspace.run(...args);
    expect([code, stdout, stderr]).toEqual([2, '', `${message}\n`]);
  });
});
