import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InspectParams, Metric, TrainParams } from '../../../src/protocol/index.ts';
import { integers, matrix, npz } from '../../cli/dataFiles.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

/** Experiments that train very quickly, and where their runs are. */

const COMPUTING = { backend: 'native', threads: 1 } as const;
const EXAMPLE = new URL('../../../examples/linear-population.experiment.json', import.meta.url);

/** The example, shortened: two linear layers of 5 x 5 on exact moments. */
export const population = (changes: object = {}): object => ({
  ...JSON.parse(readFileSync(fileURLToPath(EXAMPLE), 'utf8')),
  epochs: 5,
  stepsPerEpoch: 20,
  ...changes,
});

export const STRENGTHS = [0.5, 1, 2];
export const SIGMA = [1, 0.5, 0.25];

/** Two linear layers on noisy samples: batches are drawn and made on worker threads. */
export const sampled = (changes: object = {}): object => ({
  name: 'sampled',
  seed: 4,
  data: { kind: 'synthetic', strengths: STRENGTHS, train: 160, test: 1200 },
  augmentation: [{ kind: 'additive', sigma: SIGMA }],
  encoder: { kind: 'linear', widths: [3] },
  head: { kind: 'linear', width: 3 },
  loss: { kind: 'spectral' },
  optimiser: { kind: 'sgd', learningRate: 0.02, momentum: 0.9 },
  epochs: 4,
  batchSize: 16,
  ...changes,
});

const LABELS = Array.from({ length: 48 }, (_, i) => i % 2);

/** Vectors of two classes that the first feature separates, in `data.npz` beside the experiment. */
export const labelled = (changes: object = {}): object => ({
  name: 'labelled',
  seed: 1,
  data: { kind: 'npz', train: 'data.npz', test: 'data.npz', validation: 0 },
  encoder: { kind: 'mlp', widths: [6, 4] },
  loss: { kind: 'cross-entropy', label: 'label' },
  optimiser: { kind: 'adam', learningRate: 0.01 },
  epochs: 2,
  batchSize: 16,
  downstream: [{ name: 'class', factor: 'label' }],
  ...changes,
});
export const labels = (): readonly number[] => LABELS;
const labelledData = (): Promise<Uint8Array> =>
  npz({
    x: matrix(LABELS.length, 3, (at) => (at % 3 === 0 ? 2 * LABELS[at / 3] : 0) + Math.sin(7 * at)),
    y: integers(LABELS),
  });

/** Experiment files and runs in their own folder, removed after the file's tests. */
export class Bench {
  readonly folder = scratchFolder();

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, contents: object): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents instanceof Uint8Array ? contents : JSON.stringify(contents));
    return path;
  }

  async writeLabelledData(): Promise<void> {
    this.write('data.npz', await labelledData());
  }

  /** A training of an experiment into the folder `run`. */
  training(run: string, experiment: object, changes: Partial<TrainParams> = {}): TrainParams {
    const file = this.write(`${run}.experiment.json`, experiment);
    return { ...COMPUTING, file, folder: this.path(run), resume: false, inspectEvery: 0, ...changes };
  }

  inspection(run: string, changes: Partial<InspectParams> = {}): InspectParams {
    return { ...COMPUTING, folder: this.path(run), state: 'last', ...changes };
  }

  bytes(run: string, ...names: string[]): Buffer {
    return readFileSync(this.path(run, ...names));
  }

  document<T>(run: string, ...names: string[]): T {
    return JSON.parse(this.bytes(run, ...names).toString()) as T;
  }

  metrics(run: string): Metric[] {
    const lines = this.bytes(run, 'metrics.jsonl').toString().split('\n');
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Metric);
  }

  /** The results of a training that must not depend on interruptions: weights, optimiser and metrics. */
  outcome(run: string): { readonly state: string; readonly metrics: string } {
    return {
      state: this.bytes(run, 'checkpoints', 'last.safetensors').toString('base64'),
      metrics: this.bytes(run, 'metrics.jsonl').toString(),
    };
  }
}
