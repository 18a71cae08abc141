import type { ViewSizes } from './views.ts';

type Definitions = Readonly<Record<string, string>>;

const ALPHA_REQ =
  'decay alpha of the covariance eigenvalues by rank: ln lambda_i = -alpha ln i + c, least squares over ranks 11 to 100 or where they end, weights 1 / i (Agrawal et al. 2022)';

/** What does not depend on how the data is held. */
const SHARED: Definitions = {
  effectiveNumber: 'exp(-sum p ln p) of the feature weights, p = w / sum w',
  gini: 'Gini coefficient of the feature weights: 0 all equal, 1 - 1 / n one alone',
};

const PROBES: Definitions = {
  'logistic-standardised':
    'multinomial logistic regression, C = 1, L-BFGS, on columns standardised with the training mean and deviation (ddof 0); intercept not penalised',
  'logistic-raw': 'multinomial logistic regression, C = 1, L-BFGS, on columns as they are; intercept not penalised',
  knn: 'vote of the 20 nearest training samples, cosine of L2-normalised rows, weights exp(cosine / 0.07)',
  interval: '95 % Wilson score interval',
  shuffledNull: 'the same probe fitted to shuffled training labels, scored on the test split',
  trainWeightedAccuracy:
    'group accuracies averaged with the training shares of the groups that have test samples',
};

const SAMPLED: Definitions = {
  singularValues:
    'sigma of the test samples x dimensions matrix, uncentred; centred: column means taken away. From the float64 Gram matrix, |error| <= delta / sigma with delta = (n + 10 d) 2.2e-16 ||Z||_F^2: values below about 1e-7 of the largest are lost',
  rankMe: 'exp(-sum p ln p), p = sigma / sum sigma + 1e-7, uncentred (Garrido et al. 2023); test split',
  effectiveRank: 'exp(-sum p ln p), p = sigma / sum sigma, uncentred (Roy and Vetterli 2007); test split',
  participationRatio: '(sum lambda)^2 / sum lambda^2, lambda of the covariance (centred); test split',
  stableRank: '||Z||_F^2 / sigma_1^2, uncentred; test split',
  alphaReq: `${ALPHA_REQ}; centred, test split`,
  normalisedStd:
    'standard deviation (ddof 1) of L2-normalised rows, mean over dimensions; 1 / sqrt(d) is ideal; test split',
  nc1: 'tr(Sigma_W Sigma_B^+) / K of the training label, about the sample mean; test split',
  nc2: 'coefficient of variation (ddof 1) of the distances of the class means from the mean of class means; test split',
  nc2Coherence: 'mean |cos(m_c, m_c*) + 1 / (K - 1)| over pairs of centred class means; test split',
  nc3: '||W / ||W||_F - M / ||M||_F||_F^2, classifier weights against centred class means (Papyan et al. 2020); test split',
  nc4: 'share of samples on which the classifier and the nearest class mean disagree; test split',
  featureWeight:
    'gain of the layer per unit of the feature, on the unaugmented test split. Class factor: sqrt(tr Sigma_B(layer) / tr Sigma_B(input)), both less what chance adds, (K - 1) / n tr Sigma_W. Coordinate or principal input direction: ||beta(layer)|| / ||beta(input)||, least squares on all of them at once',
  similarity: 'debiased linear CKA (HSIC_1, Song et al. 2012) of centred representations; test split',
};

/** Short printed form of everything in an analysis of samples, by key. */
export const definitionsOf = ({ pairs, objects, viewsPerObject }: ViewSizes): Definitions => {
  const paired = `up to ${pairs} test samples`;
  return {
    ...SAMPLED,
    lidar: `exp entropy of the eigenvalues of S_w^-1/2 S_b S_w^-1/2 with S_w + 1e-4 I (Thilak et al. 2024); up to ${objects} test samples x ${viewsPerObject} augmented views`,
    alignment: `mean ||z - z+||^2 of two augmented views, L2-normalised (Wang and Isola 2020); ${paired}`,
    uniformity: `ln mean over i < j of exp(-2 ||z_i - z_j||^2), L2-normalised first views (Wang and Isola 2020); ${paired}`,
    viewCorrelation: `generalised eigenvalues of (E[r r+^T], E[r r^T]) between two augmented views, on dimensions that are independent to 1e-10; drawn towards 1 unless samples far outnumber dimensions; ${paired}`,
    ...SHARED,
    ...PROBES,
  };
};

/** The same where exact moments take the place of samples. */
export const POPULATION_DEFINITIONS: Definitions = {
  singularValues:
    'square roots of the eigenvalues of the exact second moment E[r r^T] over the augmented views (no samples); all means are zero, so centred is the same',
  rankMe: 'exp(-sum p ln p), p = sigma / sum sigma + 1e-7 (Garrido et al. 2023); exact moments',
  effectiveRank: 'exp(-sum p ln p), p = sigma / sum sigma (Roy and Vetterli 2007); exact moments',
  participationRatio: '(sum lambda)^2 / sum lambda^2, lambda of the covariance; exact moments',
  stableRank: 'tr E[r r^T] / its largest eigenvalue; exact moments',
  alphaReq: `${ALPHA_REQ}; exact moments`,
  featureWeight:
    'gain of the layer per unit of the feature, ||E[r h_j]|| / phi_j of the unaugmented input; for a linear layer ||W v_j||; exact moments',
  viewCorrelation: 'generalised eigenvalues of (E[r r+^T], E[r r^T]); exact moments',
  similarity: 'linear CKA ||E[r_l r_m^T]||_F^2 / (||E[r_l r_l^T]||_F ||E[r_m r_m^T]||_F); exact moments',
  ...SHARED,
};
