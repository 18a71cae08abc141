import { formatCount, REPRESENTATION_MEASURES, type RepresentationEntry } from '../protocol/index.ts';
import type { ViewSizes } from '../sources/index.ts';
import { RANK_TOLERANCE } from './algebra/generalisedEigen.ts';
import { NEIGHBOURS, TEMPERATURE } from './probes/neighbours.ts';

type Definitions = Readonly<Record<string, string>>;

/** The definitions of measures, with the set that each is measured on; those that are on no such set are left out. */
const measuresOn = (sets: Readonly<Partial<Record<RepresentationEntry['on'], string>>>): Definitions =>
  Object.fromEntries(
    Object.entries(REPRESENTATION_MEASURES).flatMap(([key, { definition, on }]) => {
      const set = sets[on];
      return set === undefined ? [] : [[key, set === '' ? definition : `${definition}; ${set}`]];
    }),
  );

const PROBES: Definitions = {
  'logistic-standardised':
    'multinomial logistic regression, L-BFGS, on columns standardised with the training mean and deviation (ddof 0); intercept not penalised; C of 0.001, 0.01, 0.1 and 1 with the highest accuracy out of fold, the smallest of equals',
  'logistic-raw':
    'the same on centred columns as they are; C of the same grid divided by the mean variance of the columns',
  'logistic-normalised':
    'the same on rows divided by their length, then centred; C of the same grid divided by the mean variance of the columns',
  mlp: 'multilayer perceptron with one hidden layer of 64 ReLU units on standardised columns, cross-entropy + (||V||^2 + ||W||^2) / 2C over both weight matrices; at most 30 iterations of L-BFGS in whitened coordinates, from a seeded He start; C of 0.01, 0.1 and 1 with the highest accuracy out of fold, the smallest of equals; 8 iterations for shuffled labels',
  outOfFold:
    'training samples, each predicted by a probe that was fitted on the other of 5 stratified folds; if the encoder was trained on this label, validation samples, which it has not seen, predicted by a probe that was fitted on the training samples',
  knn: `vote of the ${NEIGHBOURS} nearest training samples, cosine of L2-normalised rows, weights exp(cosine / ${TEMPERATURE})`,
  'few-shot-5':
    'nearest mean of 5 labelled samples of each class (few-shot-1: 1; few-shot-20: 20), Euclidean distance on columns standardised with all training samples. 20 draws, the same for every layer; a sample is predicted by one of them. interval: Student t over the draws',
  'ridge-standardised':
    'of continuous factors: ridge regression on columns standardised with the training mean and deviation (ddof 0); intercept not penalised; alpha of 0.0001, 0.001, 0.01, 0.1 and 1 times the samples with the smallest squared error out of fold (5 random folds), the largest of equals',
  'ridge-raw':
    'the same on centred columns as they are; alpha of the same grid times the mean variance of the columns',
  rSquared:
    'R^2 = 1 - sum (y - prediction)^2 / sum (y - mean y)^2, in place of the accuracy; 95 % interval value ± 1.96 standard errors of the infinitesimal jackknife',
  information:
    'usable information, H(Y) - cross-entropy of the logistic or mlp probe out of fold, in bits; C of the grid with the lowest cross-entropy; 95 % interval of its mean over samples',
  interval: '95 % Wilson score interval',
  shuffledNull:
    'the same probe fitted to 20 shuffles of the training labels, scored on the test split: mean, and mean ± 1.96 standard deviations over the shuffles',
  majority:
    'score on the test split of always predicting the most frequent class of training; of R^2, the mean of training',
  trainWeightedAccuracy:
    'group accuracies averaged with the training shares of the groups that have test samples',
};

/** Short printed form of everything in an analysis of samples, by key. */
export const definitionsOf = ({ pairs, objects, viewsPerObject }: ViewSizes): Definitions => {
  const paired = `up to ${formatCount(pairs)} test samples`;
  return {
    singularValues:
      'sigma of samples x dimensions, uncentred, from the float64 Gram matrix; test split. Values below about 1e-7 of the largest are lost: |error| <= delta / sigma, delta = (n + 10 d) 2.2e-16 ||Z||_F^2',
    centredSingularValues:
      'sigma of samples x dimensions, columns centred, from the float64 Gram matrix; test split',
    ...measuresOn({
      spectrum: 'test split',
      samples: 'test split',
      'labelled samples': 'test split',
      objects: `up to ${formatCount(objects)} test samples x ${viewsPerObject} augmented views`,
      pairs: paired,
    }),
    viewCorrelation: `rho of A u = rho B u between two augmented views, A = E[r r+^T] symmetrised, B = E[r r^T], uncentred, on dimensions of B independent to ${RANK_TOLERANCE}; drawn towards 1 unless samples far outnumber dimensions; ${paired}`,
    similarity: 'debiased linear CKA (HSIC_1) with its standard error; test split',
    featureWeight:
      'gain of the layer per unit of the feature, on the unaugmented test split. Class factor: sqrt(tr Sigma_B(layer) / tr Sigma_B(input)), both less what chance adds, (K - 1) / n tr Sigma_W. Coordinate or principal input direction: ||beta(layer)|| / ||beta(input)||, least squares on all of them at once',
    etaSquared:
      'share of the variance of the layer, less what chance adds; test split. Class factor: 1 - (n - 1) / (n - K) tr Sigma_W / tr Sigma_T. Coordinate or principal input direction: ||beta||^2 var(h) / tr Sigma_T',
    measureInterval:
      '95 % interval over samples like these, value ± 1.96 standard errors of the infinitesimal jackknife, sqrt(sum psi_i^2 / (n (n - 1))), psi_i the derivative of the value along sample i; NC1 to NC3 and LiDAR: jackknife over 20 random groups of samples',
    ...measuresOn({ 'feature weights': '' }),
    ...PROBES,
  };
};

/** The same for exact moments instead of samples. */
export const POPULATION_DEFINITIONS: Definitions = {
  singularValues:
    'square roots of the eigenvalues of the exact second moment E[r r^T] over the augmented views (no samples)',
  centredSingularValues: 'the same, since all means are zero',
  ...measuresOn({ spectrum: 'exact moments' }),
  viewCorrelation: 'rho of A u = rho B u, A = E[r r+^T], B = E[r r^T]; exact moments',
  similarity: 'linear CKA ||E[r_l r_m^T]||_F^2 / (||E[r_l r_l^T]||_F ||E[r_m r_m^T]||_F); exact moments',
  featureWeight:
    'gain of the layer per unit of the feature, ||E[r h_j]|| / phi_j of the unaugmented input; for a linear layer ||W v_j||; exact moments',
  ...measuresOn({ 'feature weights': '' }),
};
