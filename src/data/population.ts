import type { AugmentationSpec, DataSpec } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { type CoordinateChange, viewMoments } from '../theory/index.ts';
import { type CoordinateOperation, forFeature } from './coordinates.ts';
import type { Population } from './dataSet.ts';
import { operationsOfView } from './view.ts';

type SyntheticSpec = Extract<DataSpec, { kind: 'synthetic' }>;

/** Possible values of one coordinate in one view, given h_j, with their probabilities. */
type Support = ReadonlyMap<number, number>;

interface Atom {
  readonly factor: number;
  readonly first: number;
  readonly second: number;
  readonly probability: number;
}

/** With more joint atoms than this, a training step does not sum over them. */
const MOST_ATOMS = 4096;

const exactOperations = (augmentation: readonly AugmentationSpec[], view: number): CoordinateOperation[] =>
  operationsOfView(augmentation, view).filter(
    (operation): operation is CoordinateOperation =>
      operation.kind === 'additive' || operation.kind === 'drop' || operation.kind === 'resample',
  );

/** The augmentations of one view as they change coordinate j. */
const changesOf = (operations: readonly CoordinateOperation[], j: number): CoordinateChange[] =>
  operations.map((operation) =>
    operation.kind === 'additive'
      ? { kind: operation.kind, sigma: forFeature(operation.sigma, j) }
      : { kind: operation.kind, probability: forFeature(operation.probability, j) },
  );

/** The values into which one augmentation turns the value c, with their probabilities. */
const branches = (
  operation: CoordinateOperation,
  value: number,
  strength: number,
  j: number,
): readonly (readonly [number, number])[] => {
  if (operation.kind === 'additive') {
    const sigma = forFeature(operation.sigma, j);
    return [
      [value - sigma, 0.5],
      [value + sigma, 0.5],
    ];
  }
  const probability = forFeature(operation.probability, j);
  const kept = [value, 1 - probability] as const;
  if (operation.kind === 'drop') return [kept, [0, probability]];
  return [kept, [-strength, probability / 2], [strength, probability / 2]];
};

const supportOf = (
  operations: readonly CoordinateOperation[],
  strength: number,
  factor: number,
  j: number,
): Support => {
  let support: Support = new Map([[strength * factor, 1]]);
  for (const operation of operations) {
    const next = new Map<number, number>();
    for (const [value, probability] of support) {
      for (const [outcome, share] of branches(operation, value, strength, j)) {
        if (share > 0) next.set(outcome, (next.get(outcome) ?? 0) + probability * share);
      }
    }
    support = next;
  }
  return support;
};

/** The views are independent of each other once h_j is given. */
const jointAtoms = (views: readonly (readonly CoordinateOperation[])[], strength: number, j: number) =>
  [-1, 1].flatMap((factor) => {
    const [firsts, seconds] = views.map((operations) => [...supportOf(operations, strength, factor, j)]);
    return firsts.flatMap(([first, p]) =>
      seconds.map(([second, q]): Atom => ({ factor, first, second, probability: (p * q) / 2 })),
    );
  });

const hasFiniteSupport = (spec: SyntheticSpec, operations: readonly CoordinateOperation[]): boolean =>
  spec.factors === 'rademacher' &&
  operations.every(
    (operation) =>
      operation.kind !== 'additive' ||
      operation.noise === 'rademacher' ||
      spec.strengths.every((_, j) => forFeature(operation.sigma, j) === 0),
  );

/** Every column is padded to the length of the longest with atoms of probability 0. */
const tabulate = (columns: readonly (readonly Atom[])[]): Population['atoms'] => {
  const count = columns.reduce((most, column) => Math.max(most, column.length), 0);
  if (count > MOST_ATOMS) return null;
  const table = (read: (atom: Atom) => number) =>
    Float64Array.from({ length: count * columns.length }, (_, at) => {
      const atom = columns[at % columns.length][Math.floor(at / columns.length)];
      return atom === undefined ? 0 : read(atom);
    });
  return {
    count,
    factor: table((atom) => atom.factor),
    first: table((atom) => atom.first),
    second: table((atom) => atom.second),
    probability: table((atom) => atom.probability),
  };
};

const identity = (features: number): Float64Array =>
  Float64Array.from({ length: features ** 2 }, (_, at) => (at % (features + 1) === 0 ? 1 : 0));

/**
 * Exact moments of the augmented views (paper, section 1.2): A_j = E[c_j c_j+] = m_j m_j+ with m_j = E[c_j | h_j] / h_j,
 * and B_j = E[c_j^2], the mean over the two views if they differ. With atoms if all supports are finite.
 * @throws Fault when an augmentation leaves no exact moments per feature.
 */
export const populationOf = (
  spec: SyntheticSpec,
  augmentation: readonly AugmentationSpec[],
  directions: Float64Array | null,
): Population => {
  const strengths = Float64Array.from(spec.strengths);
  const features = strengths.length;
  const inexact = augmentation.findIndex(({ kind }) => kind === 'gaussian-noise');
  if (inexact !== -1) {
    throw inputFault(
      'gaussian-noise has no exact moments per feature in a population',
      `/augmentation/${inexact}`,
      'Use additive, or set /data/sampling to "sampled"',
    );
  }
  const views = [exactOperations(augmentation, 0), exactOperations(augmentation, 1)];
  const moments = [...strengths].map((strength, j) =>
    views.map((operations) => viewMoments(strength, changesOf(operations, j))),
  );
  const finite = views.every((operations) => hasFiniteSupport(spec, operations));
  return {
    strengths,
    directions: directions ?? identity(features),
    positiveMoment: Float64Array.from(moments, ([first, second]) => first.mean * second.mean),
    viewMoments: [
      Float64Array.from(moments, ([first]) => first.square),
      Float64Array.from(moments, ([, second]) => second.square),
    ],
    secondMoment: Float64Array.from(moments, ([first, second]) => (first.square + second.square) / 2),
    atoms: finite ? tabulate([...strengths].map((strength, j) => jointAtoms(views, strength, j))) : null,
  };
};
