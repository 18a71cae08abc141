import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from './cli.ts';
import { integers, matrix, npz } from './dataFiles.ts';
import { linearPopulation } from './experiments.ts';

const workspace = new Workspace();
const setting = { strengths: [1, 2], noise: [0.5, 1], depth: 2, directions: 'identity' } as const;
const linear = { ...linearPopulation(setting), epochs: 1 };

const vectors = {
  name: 'vectors',
  data: { kind: 'npz', train: 'data.npz', test: 'data.npz' },
  encoder: { kind: 'mlp', widths: [4] },
  loss: { kind: 'cross-entropy', label: 'label' },
  optimiser: { kind: 'sgd', learningRate: 0.1 },
  epochs: 1,
  batchSize: 8,
  downstream: [{ name: 'label', factor: 'label' }],
};

beforeAll(async () => {
  const labels = Array.from({ length: 40 }, (_, i) => i % 2);
  const rows = matrix(40, 3, (i) => labels[Math.floor(i / 3)] + Math.sin(9 * i));
  workspace.write('data.npz', await npz({ x: rows, y: integers(labels) }));
  workspace.write('other.npz', await npz({ x: matrix(40, 3, Math.cos), y: integers(labels) }));
  workspace.write('linear.json', linear);
  workspace.write('vectors.json', vectors);
  await workspace.json('train', 'linear.json', '--out', 'linear');
  await workspace.json('train', 'vectors.json', '--out', 'vectors');
  cpSync(workspace.path('vectors'), workspace.path('inspected'), { recursive: true });
  await workspace.json('inspect', 'inspected');
});

/** A copy of a run with one changed file. */
function damaged(
  name: string,
  of: string,
  file: string,
  change: (text: string) => string | Uint8Array,
): string {
  cpSync(workspace.path(of), workspace.path(name), { recursive: true });
  const path = workspace.path(name, file);
  writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
  return name;
}

const AGAIN = 'The run cannot be used: train it again into another folder.';

describe('training into a folder', () => {
  const files = () => readdirSync(workspace.path('linear'), { recursive: true }).sort();

  it('that holds a run needs --resume', async () => {
    const before = files();
    const weights = readFileSync(workspace.path('linear/checkpoints/last.safetensors'));
    expect(await workspace.failure('train', 'linear.json', '--out', 'linear')).toEqual([
      2,
      'linear: already contains a run. Add --resume to continue it, or choose another folder with --out.',
    ]);
    expect(files()).toEqual(before);
    expect(readFileSync(workspace.path('linear/checkpoints/last.safetensors')).equals(weights)).toBe(true);
  });

  it.each([
    [
      'another experiment',
      () => [
        'train',
        workspace.write('longer.json', { ...linear, epochs: 2 }),
        '--out',
        'linear',
        '--resume',
      ],
      'linear: was started with another experiment (different: /epochs). Resume with the same file and seed, or train into another folder.',
    ],
    [
      'another seed',
      () => ['train', 'linear.json', '--out', 'linear', '--resume', '--seed', '1'],
      'linear: was started with another experiment (different: /seed). Resume with the same file and seed, or train into another folder.',
    ],
    [
      'another backend',
      () => ['train', 'linear.json', '--out', 'linear', '--resume', '--backend', 'eager'],
      'linear: was started on the native backend, not on eager. Choose the native backend to resume it.',
    ],
  ])('is not resumed with %s', async (_, args, message) => {
    expect(await workspace.failure(...args())).toEqual([2, message]);
  });

  it('that is a file, or is below one', async () => {
    expect(await workspace.failure('train', 'linear.json', '--out', 'data.npz')).toEqual([
      2,
      'data.npz: is a file, not a folder. Choose another folder.',
    ]);
    expect(await workspace.failure('train', 'linear.json', '--out', 'data.npz/run')).toEqual([
      2,
      'data.npz/run: is below a file, not a folder. Choose another folder.',
    ]);
  });
});

describe('a run', () => {
  const inspecting = (run: string) => workspace.failure('inspect', run);

  it('that is not there', async () => {
    const message =
      'run.json: there is no run in this folder. Give the run folder that `pentimento train` wrote.';
    expect(await inspecting('nowhere')).toEqual([2, `nowhere/${message}`]);
    expect(await inspecting('.')).toEqual([2, message]);
    for (const command of ['recommend', 'report'])
      expect(await workspace.failure(command, 'nowhere')).toEqual([2, `nowhere/${message}`]);
  });

  it('whose record is cut off', async () => {
    const run = damaged('cut', 'linear', 'run.json', () => '{"version": 1,\n');
    const [code, message] = await inspecting(run);
    expect(code).toBe(2);
    expect(message.startsWith('cut/run.json: is not valid JSON (')).toBe(true);
    expect(message.endsWith(`). ${AGAIN}`)).toBe(true);
  });

  it('of a newer version', async () => {
    const run = damaged('newer', 'linear', 'run.json', (text) =>
      text.replace('"version": 1', '"version": 2'),
    );
    expect(await inspecting(run)).toEqual([
      2,
      'newer/run.json: has version 2, and this Pentimento reads up to 1. Update Pentimento.',
    ]);
  });

  it('whose experiment was edited', async () => {
    const run = damaged('edited', 'vectors', 'run.json', (text) => text.replace('"mlp"', '"mlpp"'));
    const [code, message] = await inspecting(run);
    expect(code).toBe(2);
    expect(message.startsWith('edited/run.json, /experiment/encoder/kind: the experiment is damaged (')).toBe(
      true,
    );
    expect(message.endsWith(`). ${AGAIN}`)).toBe(true);
  });

  it('whose checkpoint is cut off', async () => {
    const run = damaged('torn', 'linear', 'checkpoints/last.safetensors', (text) => text.slice(0, -8));
    const [code, message] = await inspecting(run);
    expect(code).toBe(2);
    expect(message).toMatch(
      /^torn\/checkpoints\/last\.safetensors, byte 8: has tensors of 32 bytes in all and 24 bytes of data\. /,
    );
    expect(await workspace.failure('train', 'linear.json', '--out', run, '--resume')).toEqual([2, message]);
  });

  it('without a checkpoint, or without the one that is named', async () => {
    cpSync(workspace.path('linear'), workspace.path('empty'), { recursive: true });
    rmSync(workspace.path('empty/checkpoints/last.safetensors'));
    expect(await inspecting('empty')).toEqual([
      2,
      'empty/checkpoints: the run has no saved state yet. Train it first.',
    ]);
    expect(await workspace.failure('inspect', 'linear', '--state', 'epoch-0001')).toEqual([
      2,
      "linear/checkpoints: has no state 'epoch-0001'. Use one of last.",
    ]);
  });

  it('whose metrics are damaged in the middle', async () => {
    const run = damaged('lines', 'linear', 'metrics.jsonl', (text) => text.replace('"step":10,', '"step":,'));
    expect(
      await workspace.failure(
        'report',
        damaged('lines-2', run, 'run.json', (text) => text),
      ),
    ).toEqual([
      2,
      'lines-2/analysis.json: the run has not been inspected yet. Run `pentimento inspect` on it first.',
    ]);
    expect(await workspace.failure('train', 'linear.json', '--out', run, '--resume')).toEqual([
      2,
      'lines/metrics.jsonl, line 1: is not a metric such as {"step":1,"epoch":0,"loss":1,"learningRate":0.1}. Remove the line.',
    ]);
  });

  it('whose data was changed since', async () => {
    const run = damaged('moved', 'vectors', 'run.json', (text) =>
      text.replace('"train": "data.npz"', '"train": "other.npz"'),
    );
    expect(await inspecting(run)).toEqual([
      2,
      'moved: was trained on other data (its hash differs). Restore the data that the run was trained on.',
    ]);
    expect(existsSync(workspace.path('moved/analysis.json'))).toBe(false);
  });
});

describe('recommending', () => {
  it('needs an inspected run', async () => {
    expect(await workspace.failure('recommend', 'linear')).toEqual([
      2,
      'linear/analysis.json: the run has not been inspected yet. Run `pentimento inspect` on it first.',
    ]);
  });

  it('needs a downstream task', async () => {
    cpSync(workspace.path('linear'), workspace.path('taskless'), { recursive: true });
    await workspace.json('inspect', 'taskless');
    expect(await workspace.failure('recommend', 'taskless')).toEqual([
      2,
      'taskless/analysis.json: the analysis has no probes. Add a downstream task to the experiment (population data takes none) and train it into another folder.',
    ]);
  });

  it.each([
    ['--task', 'colour', 'the analysis has no task "colour". Use one of: label.'],
    [
      '--method',
      'svm',
      'the analysis has no method "svm". Use one of: logistic-standardised, logistic-raw, knn.',
    ],
    ['--on', 'train', 'the analysis has no test set "train". Use one of: test.'],
  ])('lists what there is for %s', async (option, value, message) => {
    expect(await workspace.failure('recommend', 'inspected', option, value)).toEqual([
      2,
      `inspected/analysis.json: ${message}`,
    ]);
  });

  it('refuses a damaged analysis', async () => {
    cpSync(workspace.path('vectors'), workspace.path('cut-off'), { recursive: true });
    workspace.write('cut-off/analysis.json', '{"version": 1');
    const [code, message] = await workspace.failure('recommend', 'cut-off');
    expect(code).toBe(2);
    expect(message).toMatch(
      /^cut-off\/analysis\.json: is not valid JSON \(.+\)\. Run `pentimento inspect` on the run again\.$/,
    );
  });
});

describe('handing a layer over', () => {
  const LAYERS = 'Use one of: input, encoder.1, classifier.';
  const embedding = (data: string, ...rest: string[]) =>
    workspace.failure('embed', 'vectors', '--layer', 'encoder.1', '--data', data, '--out', 'x.npz', ...rest);

  it('refuses a layer that there is not', async () => {
    const message = `--layer: the model has no layer 'encoder.9'. ${LAYERS}`;
    expect(await workspace.failure('export', 'vectors', '--layer', 'encoder.9', '--out', 'x.onnx')).toEqual([
      2,
      message,
    ]);
    expect(await embedding('test', '--layer', 'encoder.9')).toEqual([2, message]);
  });

  it('refuses a place that cannot be written', async () => {
    const exporting = (out: string) =>
      workspace.failure('export', 'vectors', '--layer', 'encoder.1', '--out', out);
    expect(await exporting('no/x.onnx')).toEqual([
      2,
      'no/x.onnx: is in a folder that does not exist. Create the folder first.',
    ]);
    expect(await exporting('linear')).toEqual([2, 'linear: is a folder. Give the path of a file.']);
  });

  it.each([
    [
      'tset',
      '--data tset: is neither a split of the run nor an existing file. Give train, validation, test, the name of a shift, or a data description such as /data of an experiment file (JSON, or the path of a JSON file).',
    ],
    [
      '{"kind": "synthetic", "strengths": [1, 2], "test": 5}',
      '--data: has samples of 2, and the model reads 3. Use data of the same shape.',
    ],
    [
      '{"kind": "synthetic", "strength": [1, 2]}',
      '--data:1:23 /strength: unknown key "strength". Did you mean "strengths"? The known keys: "kind", "strengths", "factors", "directions", "sampling", "train", "test", "validation".',
    ],
    [
      '{"kind": "synthetic", ',
      '--data:1:23: expected a key in double quotes, found the end of the file. Write "key": value.',
    ],
    [
      'linear.json',
      'linear.json:1:1 /kind: "kind" is missing. Add "kind": one of "synthetic", "digits-on-clothes", "idx", "cifar-10", "cifar-100", "npz", "image-folder".',
    ],
  ])('refuses the data %s', async (data, message) => {
    expect(await embedding(data)).toEqual([2, message]);
  });

  // Whatever was refused.
  afterEach(() => {
    expect(readdirSync(workspace.folder).filter((name) => /^x\.|\.tmp$/.test(name))).toEqual([]);
  });

  it('has no samples to embed in exact moments', async () => {
    const args = ['embed', 'linear', '--layer', 'head.1', '--data', 'test', '--out', 'x.npz'];
    expect(await workspace.failure(...args)).toEqual([
      2,
      '--data: there are no samples to embed (population data has none). Use a data set with samples.',
    ]);
  });
});
