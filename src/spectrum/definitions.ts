/** Short printed form of every measure made here, by the key that the analysis document uses. */
export const DEFINITIONS = {
  singularValues: 'sigma of samples x dimensions, uncentred, from the float64 Gram matrix',
  centredSingularValues: 'sigma of samples x dimensions, columns centred, from the float64 Gram matrix',
  stableRank: '||Z||_F^2 / sigma_1^2, uncentred',
  effectiveRank: 'exp(-sum p ln p), p = sigma / sum sigma, uncentred',
  rankMe: 'exp(-sum p ln p), p = sigma / sum sigma + 1e-7, uncentred',
  participationRatio: '(sum lambda)^2 / sum lambda^2, lambda of the centred covariance',
  alphaReq: '-slope of ln lambda on ln rank, ranks 11..100, weights 1/rank, centred covariance',
  matrixEntropy:
    '-sum p ln p / ln(rank + 1e-10), p = sigma^2 / sum sigma^2 + 1e-10, uncentred (WeightWatcher)',
  powerLawAlpha: 'Clauset fit of lambda = sigma^2 > 1e-5 (WeightWatcher), error (alpha - 1) / sqrt(tail)',
  marchenkoPastur: 'sigma^2 (1 -+ 1/sqrt(Q))^2, for lambda / N',
  lidar: 'exp(-sum p ln p), p = share of eig(Sw^-1/2 Sb Sw^-1/2) + 1e-8, Sw + 1e-4 I, Sb / n, Sw / nq',
  cka: 'debiased linear CKA (HSIC_1)',
  alignment: 'mean ||z - z+||^2, L2-normalised',
  uniformity: 'ln mean exp(-2 ||z_i - z_j||^2) over all pairs, L2-normalised',
  stdOfNormalised: 'mean over dimensions of the standard deviation (n - 1), L2-normalised',
  nc1: 'tr(Sw Sb^+) / K, Sw / N, Sb / K about the mean of the samples',
  nc2Norms: 'standard deviation (K - 1) / mean of ||mu_c - mean of class means||',
  nc2Angles: "mean |cos(m_c, m_c') + 1/(K - 1)|, m_c = mu_c - mean of class means",
  nc3: '|| W / ||W||_F - M / ||M||_F ||_F, M = class means - their mean',
  nc4: 'share of decisions equal to the nearest class mean',
  viewCorrelation:
    'rho of A u = rho B u, A = E[x x+^T] symmetrised, B = E[x x^T], uncentred, B above 1e-9 of its largest',
  effectiveNumber: '(sum w)^2 / sum w^2',
  gini: 'sum (2i - n - 1) w_(i) / (n sum w), w ascending',
} as const satisfies Record<string, string>;

export type DefinitionKey = keyof typeof DEFINITIONS;
