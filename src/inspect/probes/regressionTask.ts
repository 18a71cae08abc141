import { continuousFactor, factorOf, type LabelledSet, openStream } from '../../data/index.ts';
import type { TaskSpec } from '../../experiment/index.ts';
import type { SplitData } from '../readSplits.ts';
import { shuffledOrder } from '../shuffle.ts';
import { foldsOfSamples, foldsTogether, randomFolds } from './folds.ts';

/** The values of a continuous factor at every sample of a set. */
interface ValueSet {
  readonly name: string;
  readonly values: Float64Array;
}

/** A prepared downstream task with a continuous factor. */
export interface RegressionTask {
  readonly name: string;
  readonly factor: string;
  readonly train: Float64Array;
  /** Those of training in seeded random orders: the baseline of a probe without any signal. */
  readonly shuffles: readonly Float64Array[];
  /** Of the training samples, each predicted by a probe that was fitted on the other folds; null for too few. */
  readonly ranking: {
    readonly on: 'train' | 'own';
    readonly count: number;
    readonly folds: Int32Array;
  } | null;
  /** The test split first, then the shifts. */
  readonly sets: readonly ValueSet[];
}

/** Random orders of the values. */
const SHUFFLES = 20;

/** Whether a task is about a continuous factor of its samples. */
export const isRegression = ({ factor }: TaskSpec, samples: LabelledSet): boolean =>
  factorOf(samples, factor, '/downstream').kind === 'continuous';

export const prepareRegression = (
  spec: TaskSpec,
  seed: number,
  data: Pick<SplitData, 'test' | 'shifts'> & { readonly train: LabelledSet },
  on: 'train' | 'own',
): RegressionTask => {
  const valuesOf = (dataSet: LabelledSet): Float64Array =>
    continuousFactor(dataSet, spec.factor, '/downstream').values;
  const train = valuesOf(data.train);
  const folds = foldsOf(spec, data.train, seed);
  return {
    name: spec.name,
    factor: spec.factor,
    train,
    shuffles: Array.from({ length: SHUFFLES }, (_, draw) =>
      Float64Array.from(shuffledOrder(train.length, seed, draw), (source) => train[source]),
    ),
    ranking: folds && { on, ...folds },
    sets: [data.test, ...data.shifts].map((set) => ({ name: set.name, values: valuesOf(set) })),
  };
};

/** Without classes, samples are spread over the folds at random. */
const foldsOf = (
  { name, together }: TaskSpec,
  samples: LabelledSet,
  seed: number,
): { count: number; folds: Int32Array } | null => {
  const random = openStream(seed, `folds ${name}`);
  const kept = together === undefined ? null : factorOf(samples, together, '/downstream').values;
  const count = foldsOfSamples(samples.size, kept);
  if (count === 0) return null;
  const folds =
    kept === null
      ? randomFolds(samples.size, count, random)
      : foldsTogether(new Int32Array(samples.size), kept, count, random);
  return { count, folds };
};
