import * as tf from '@tensorflow/tfjs-core';
import type { Population } from '../../data/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import { inputFault } from '../../protocol/index.ts';
import { type Arrays, float32, type Tensors } from '../../runtime/index.ts';

/** Models whose exact spectral loss is known from moments (`linear`) or per coordinate (`diagonal`). */
export type PopulationKind = 'linear' | 'diagonal';

/** Which exact loss an experiment with population data minimises; an input fault when there is none. */
export const populationKind = ({
  encoder,
  head,
  loss,
}: Pick<Experiment, 'encoder' | 'head' | 'loss'>): PopulationKind => {
  if (loss.kind !== 'spectral') throw unsupported(`the ${loss.kind} loss`, 'loss.kind');
  const heads = ['none', 'reweighting'];
  if (encoder.kind === 'linear' && [...heads, 'linear'].includes(head.kind)) return 'linear';
  const separate = head.kind === 'symmetric-relu' && head.weights === 'diagonal';
  if (encoder.kind === 'diagonal' && (separate || heads.includes(head.kind))) return 'diagonal';
  throw unsupported(`a ${encoder.kind} encoder with a ${head.kind} head`, 'encoder.kind');
};

const unsupported = (what: string, where: string): Error =>
  inputFault(
    `population data has no exact form for ${what}`,
    where,
    'Use the spectral loss on a linear encoder with a linear head or a diagonal encoder with a diagonal symmetric-relu head, or data.sampling sampled',
  );

/**
 * The tensors that the population loss of K features reads, float32. `linear`: `positive`, `firstMoment` and
 * `secondMoment` [K, d] with rows sqrt(A_j) v_j, and sqrt(B_j) v_j for B of the first and of the second view. `diagonal`: `first`, `second` and `probability` [atoms, d].
 */
export const populationInputs = (population: Population, kind: PopulationKind): Arrays => {
  if (kind === 'diagonal') return atomInputs(population);
  const { directions, positiveMoment, viewMoments } = population;
  const features = positiveMoment.length;
  const shape = [features, directions.length / features];
  const scaled = (moment: Float64Array) =>
    float32(
      shape,
      Float32Array.from(directions, (value, i) => value * Math.sqrt(moment[Math.floor(i / shape[1])])),
    );
  const [first, second] = viewMoments;
  return {
    positive: scaled(positiveMoment),
    firstMoment: scaled(first),
    secondMoment: scaled(second),
  };
};

const atomInputs = ({ atoms, directions, strengths }: Population): Arrays => {
  const features = strengths.length;
  if (atoms === null)
    throw inputFault(
      'a diagonal encoder needs factors and noise with finitely many values, these are Gaussian',
      'data.factors',
      'Use rademacher factors and noise, or data.sampling sampled',
    );
  if (directions.some((value, i) => value !== (i % (features + 1) === 0 ? 1 : 0)))
    throw inputFault(
      'a diagonal encoder reads coordinates, the features have random directions',
      'data.directions',
      'Use identity, or data.sampling sampled',
    );
  const tensor = (values: Float64Array) => float32([atoms.count, features], Float32Array.from(values));
  return {
    first: tensor(atoms.first),
    second: tensor(atoms.second),
    probability: tensor(atoms.probability),
  };
};

/**
 * The exact spectral loss of f, with negatives x from the first view and x- from the second, as in a sampled batch.
 * `linear`: -2 sum f(P)^2 + <f(M_1)^T f(M_1), f(M_2)^T f(M_2)>_F = -2 tr(M A) + tr(M B_1 M B_2), P, M_1 and M_2 the rows of
 * `populationInputs`.
 * `diagonal`, independent zero-mean features and odd f_j: sum_j -2 E f_j f_j+ + E f_j^2 E (f_j+)^2.
 */
export const populationLoss = (
  kind: PopulationKind,
  f: (x: tf.Tensor) => tf.Tensor,
  inputs: Tensors,
): tf.Scalar => {
  if (kind === 'linear') {
    const gram = (rows: tf.Tensor): tf.Tensor =>
      tf.matMul(rows as tf.Tensor2D, rows as tf.Tensor2D, true, false);
    const negatives = tf.sum(tf.mul(gram(f(inputs.firstMoment)), gram(f(inputs.secondMoment))));
    const attraction = tf.sum(tf.square(f(inputs.positive)));
    return tf.sub(negatives, tf.mul(attraction, 2));
  }
  const [first, second] = [f(inputs.first), f(inputs.second)];
  const expected = (values: tf.Tensor): tf.Tensor => tf.sum(tf.mul(values, inputs.probability), 0);
  const negatives = tf.mul(expected(tf.square(first)), expected(tf.square(second)));
  const attraction = tf.mul(expected(tf.mul(first, second)), 2);
  return tf.sum(tf.sub(negatives, attraction));
};
