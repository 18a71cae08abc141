// The folder that the suite opens: experiments that train in seconds, one finished run, and runs that are damaged.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';

const digits = (name, epochs) => ({
  name,
  data: { kind: 'digits-on-clothes', train: 600, test: 300 },
  augmentation: [
    { kind: 'drop-digit', probability: 0.75, views: 'first' },
    { kind: 'random-resized-crop', scale: [0.5, 1] },
  ],
  encoder: { kind: 'cnn', widths: [8, 16] },
  head: { kind: 'mlp', widths: [16, 8] },
  loss: { kind: 'nt-xent', temperature: 0.5 },
  optimiser: { kind: 'adam', learningRate: 0.002 },
  epochs,
  batchSize: 100,
  downstream: [
    { name: 'digit', factor: 'digit' },
    { name: 'superclass', factor: 'superclass' },
  ],
});

const linear = (name, epochs) => ({
  name,
  data: {
    kind: 'synthetic',
    sampling: 'population',
    strengths: [0.3, 0.6, 1],
  },
  augmentation: [{ kind: 'additive', sigma: [1, 0.5, 1] }],
  encoder: { kind: 'linear', widths: [3], initialScale: 0.5 },
  head: { kind: 'linear', width: 3, initialScale: 0.5 },
  loss: { kind: 'spectral' },
  optimiser: { kind: 'sgd', learningRate: 0.02 },
  epochs,
  stepsPerEpoch: 100,
});

/** Runs the command line that users have; its messages are shown if it fails. */
function pentimento(folder, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`pentimento ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}

/**
 * Checkpoints, and code that names one. They are in deep folders, so that VS Code does not activate the
 * extension for them.
 */
async function addCheckpoints(folder, run) {
  const models = join(folder, 'models', 'of', 'tests');
  await mkdir(models, { recursive: true });
  const trained = join(folder, run, 'checkpoints');
  await copyFile(join(trained, 'last.safetensors'), join(models, 'encoder.safetensors'));
  await copyFile(join(trained, 'epoch-0001.safetensors'), join(models, 'first.safetensors'));
  await writeFile(join(models, 'cut.safetensors'), Buffer.from([200, 0, 0, 0, 0, 0, 0, 0, 0x7b]));
  const code = [
    'from safetensors.torch import load_file',
    '',
    "state = load_file('encoder.safetensors')",
    '',
  ];
  await writeFile(join(models, 'use.py'), code.join('\n'));
}

/** A model, data for it and a recording, without the endings for which VS Code activates the extension: tests copy them. */
async function addInspected(folder, run) {
  const inspected = join(folder, 'inspected');
  await mkdir(inspected);
  for (const name of ['residual.onnx', 'images.npz']) {
    const fixture = join(root, 'test/unit/sources/fixtures/models', name);
    await copyFile(fixture, join(inspected, `${name}.copy`));
  }
  pentimento(folder, 'embed', run, '--all-layers', '--out', join('inspected', 'acts.safetensors.copy'));
}

/** Makes the workspace in a temporary folder and returns its path. */
export async function prepareWorkspace() {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-workspace-'));
  const write = (name, value) => writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  await write('finished.experiment.json', digits('finished', 3));
  await write('linear.experiment.json', linear('linear', 40));
  // Its training never ends by itself: a test that pauses, cancels or kills it is never too late.
  await write('endless.experiment.json', digits('endless', 900_000));
  await write('wrong.experiment.json', {
    ...digits('wrong', 2),
    loss: { kind: 'cross-entropy', label: 'colour' },
  });
  await write('misspelt.experiment.json', { ...digits('misspelt', 2), epochz: 3 });
  const run = join('.pentimento', 'runs', 'finished');
  pentimento(folder, 'train', 'finished.experiment.json', '--out', run, '--inspect-every', '1');
  pentimento(folder, 'inspect', run);
  for (const [name, record] of [
    ['damaged', '{"version": 1, "name"'],
    ['newer', '{"version": 99}'],
  ]) {
    const damaged = join(folder, '.pentimento', 'runs', name);
    await mkdir(damaged, { recursive: true });
    await writeFile(join(damaged, 'run.json'), record);
  }
  await addCheckpoints(folder, run);
  await addInspected(folder, run);
  return folder;
}
