import { expect, test } from 'vitest';
import {
  alignment,
  alphaReq,
  centred,
  centredMeans,
  classScatterOf,
  effectiveRank,
  entropyRank,
  equiangularity,
  equinormness,
  fitPowerLaw,
  type Matrix,
  marchenkoPasturEdges,
  matrix,
  matrixEntropy,
  nearestCentreAgreement,
  numericalRank,
  participationRatio,
  rankMe,
  selfDuality,
  singularValues,
  singularValuesOfGram,
  stableRank,
  symmetricEigenvalues,
  tracyWidomEdge,
  transpose,
  uniformity,
  unitRows,
  withinClassVariability,
} from '../../src/spectrum/index.ts';
import { multiply } from '../../src/spectrum/product.ts';
import { biasedCka, debiasedCka, weightWatcherSimilarity } from '../reference/cka.ts';
import { LIDAR, lidar } from '../reference/lidar.ts';
import { momentsOf } from '../reference/moments.ts';
import { golden, goldenLabels, goldenMatrices, goldenWeights, rowsBetween } from './generator.ts';

const { x, y } = goldenMatrices();
const sigma = singularValues(x);
const covarianceValues = symmetricEigenvalues(momentsOf(x).scatter());
const scatter = classScatterOf(x, goldenLabels());
const objects = classScatterOf(
  x,
  Array.from({ length: 40 }, (_, i) => Math.floor(i / 4)),
);
const classMeans = centredMeans(scatter, 'classes');

const head = rowsBetween(x, 0, 20);
const tail = rowsBetween(x, 20, 40);
const moved = matrix(
  20,
  8,
  head.data.map((value, k) => value + 0.05 * tail.data[k]),
);
const unit = unitRows(head).rows;

const pareto = Float64Array.from({ length: 100 }, (_, i) => (1 - (i + 0.5) / 100) ** (-1 / 1.5));
const mixture = Float64Array.from([...pareto, ...Array.from({ length: 100 }, (_, i) => 0.2 + 0.008 * i)]);

/** Our computation of each value in the golden file that belongs to src/spectrum. */
const ours: Record<string, unknown> = {
  X00: x.data[0],
  X39_7: x.data[319],
  Y00: y.data[0],
  sv_uncentered: [...sigma],
  sv_centered: [...singularValues(centred(x))],
  stable_rank_uncentered: stableRank(sigma).value,
  erank_roy_vetterli: effectiveRank(sigma).value,
  'rankme_paper_eps1e-7': rankMe(sigma).value,
  'rankme_stable_pretraining_eps1e-5': rankMe(sigma, 1e-5).value,
  'rankme_centered_eps1e-7': rankMe(singularValues(centred(x))).value,
  'reptrix_rankme_pca_evr_eps1e-7': entropyRank(covarianceValues, 1e-7).value,
  participation_ratio_cov: participationRatio(momentsOf(x).scatter()).value,
  ww_matrix_entropy: matrixEntropy(sigma, numericalRank(sigma, 40)).value,
  'alpha_req_indices_1..6': alphaReq(covarianceValues, { firstRank: 2, lastRank: 7 }).value,
  'alpha_req_unweighted_ols_1..6': alphaReq(covarianceValues, { firstRank: 2, lastRank: 7, weights: 'equal' })
    .value,
  'wwfit_pareto_quantiles_n100_alpha2.5': powerLaw(pareto),
  wwfit_pareto_plus_flat_n200: powerLaw(mixture),
  cka_linear_biased: biasedCka(x, y),
  cka_linear_debiased_feature_form: debiasedCka(x, y),
  cka_hsic1_gram_form_uncentered_input: debiasedCka(y, x),
  ww_weight_cka_uncentered_X_Xshift: weightWatcherSimilarity(
    x,
    matrix(
      40,
      8,
      x.data.map((value) => value + 0.1),
    ),
  ),
  align_alpha2: alignment(head, moved).value,
  uniform_t2: uniformity(unit).value,
  uniform_t1_lightly_default: uniformity(unit, 1).value,
  nc1_trSwPinvSb_over_K_global_sample_mean: withinClassVariability(scatter).value,
  nc1_rankKminus1_no_div_global_sample_mean: withinClassVariability(scatter, {
    perClass: false,
    inverse: 'rank K - 1',
  }).value,
  nc1_trSwPinvSb_over_K_mean_of_class_means: withinClassVariability(scatter, { centre: 'classes' }).value,
  nc1_rankKminus1_no_div_mean_of_class_means: withinClassVariability(scatter, {
    centre: 'classes',
    perClass: false,
    inverse: 'rank K - 1',
  }).value,
  nc2_equinorm_cov_ddof1: equinormness(classMeans).value,
  nc2_equinorm_cov_ddof0: equinormness(classMeans, 0).value,
  nc2_coherence_papyan: equiangularity(classMeans).value,
  nc3_papyan_squared: selfDuality(goldenWeights(), classMeans, true).value,
  nc3_unsquared: selfDuality(goldenWeights(), classMeans).value,
  nc4_agreement_no_bias: nearestCentreAgreement(x, scatter.means, decisions(x, goldenWeights())).value,
  lidar_stable_pretraining: lidar(objects, LIDAR.stablePretraining).value,
  'lidar_div_n_paper_eq_eps_after_norm_1e-8': lidar(objects).value,
  lidar_reptrix_pca_of_matrix: lidar(objects, LIDAR.reptrix).value,
  'mp_Q2.5_sigma0.8': {
    lambda_minus: marchenkoPasturEdges(2.5, 0.8).lower,
    lambda_plus: marchenkoPasturEdges(2.5, 0.8).upper,
    ww_TW_edge_M100: tracyWidomEdge(2.5, 0.8, 100),
  },
};

function powerLaw(values: Float64Array) {
  const { fit } = fitPowerLaw(values);
  return {
    D: fit?.distance,
    alpha: fit?.alpha,
    xmin: fit?.xmin,
    sigma: fit?.sigma,
    index: fit?.index,
    two_sided_D_at_same_xmin: fit?.twoSidedDistance,
  };
}

function decisions(samples: Matrix, weights: Matrix): number[] {
  const logits = multiply(samples, transpose(weights));
  return Array.from({ length: samples.rows }, (_, i) => {
    const row = logits.data.subarray(i * weights.rows, (i + 1) * weights.rows);
    return row.indexOf(Math.max(...row));
  });
}

/** Deviation relative to the expected value, or the whole of a mismatch. */
function agrees(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    expect(typeof actual, path).toBe('number');
    expect(Math.abs((actual as number) - expected), path).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
    return;
  }
  expect(Object.keys(actual as object), path).toEqual(Object.keys(expected as object));
  for (const [key, value] of Object.entries(expected as object)) {
    agrees((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}

/** Contrastive losses are tested together with the losses. */
const elsewhere = /^(supcon|ntxent)_|recipe$/;
const keys = Object.keys(golden).filter((key) => !elsewhere.test(key));

test.each(keys)('%s', (key) => {
  expect(ours).toHaveProperty([key]);
  agrees(ours[key], golden[key], key);
});

test('the Gram route gives the golden singular values within its bound', () => {
  const { values, errorBounds } = singularValuesOfGram(momentsOf(x).gram(), 40);
  for (const [k, expected] of golden.sv_uncentered.entries()) {
    expect(Math.abs(values[k] - expected)).toBeLessThanOrEqual(errorBounds[k]);
    expect(errorBounds[k]).toBeLessThan(1e-10);
  }
});
