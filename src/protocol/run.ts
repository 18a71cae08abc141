import * as z from 'zod';

export const RUN_VERSION = 1;

/** One layer at which a model can be read; lists are in order from the input. */
const layerInfoSchema = z.strictObject({
  name: z.string(),
  part: z.enum(['input', 'encoder', 'head', 'classifier']),
  /** Shape of one sample's representation before pooling, channels last. */
  shape: z.array(z.int().positive()),
});
export type LayerInfo = z.output<typeof layerInfoSchema>;

/** `run.json`: everything needed to repeat a run. `experiment` is the validated file with its defaults filled in. */
export const runSchema = z.strictObject({
  version: z.literal(RUN_VERSION),
  name: z.string(),
  /** The folder that relative data paths are resolved against. */
  baseDirectory: z.string(),
  experiment: z.record(z.string(), z.unknown()),
  seed: z.int(),
  backend: z.strictObject({ kind: z.string(), reason: z.string(), threads: z.int().positive() }),
  versions: z.record(z.string(), z.string()),
  dataHash: z.string(),
  layers: z.array(layerInfoSchema),
  parameters: z.int().nonnegative(),
  stepsPerEpoch: z.int().positive(),
  totalSteps: z.int().positive(),
  created: z.string(),
  /** The command line that trains it again, from `baseDirectory` if an editor began it. */
  command: z.string().optional(),
});
export type RunRecord = z.output<typeof runSchema>;

/** Name of the state that is kept at the end of an epoch (from 1); the newest state is `last`. */
export const stateOfEpoch = (epoch: number): string => `epoch-${String(epoch).padStart(4, '0')}`;

/** Path of a state's analysis in the run folder. */
export const analysisFile = (state: string): string =>
  state === 'last' ? 'analysis.json' : `analyses/${state}.json`;

/** One line of `metrics.jsonl`: the mean over the steps since the previous line. */
export const metricSchema = z.strictObject({
  step: z.int().positive(),
  epoch: z.number().nonnegative(),
  loss: z.number(),
  learningRate: z.number().nonnegative(),
});
export type Metric = z.output<typeof metricSchema>;

/** What a long job reports to its caller. */
export interface Progress {
  readonly job: 'train' | 'inspect' | 'export' | 'embed' | 'fit' | 'data' | 'spectra';
  readonly done: number;
  readonly total: number;
  readonly message: string;
}
export type OnProgress = (progress: Progress) => void;
