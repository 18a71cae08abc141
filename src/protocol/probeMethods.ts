/** Probes of a categorical factor, in the order of documents and menus. */
export const CLASSIFICATION_METHODS = [
  'logistic-standardised',
  'logistic-raw',
  'logistic-normalised',
  'mlp',
  'knn',
  'few-shot-1',
  'few-shot-5',
  'few-shot-20',
] as const;

/** Probes of a continuous one. */
export const REGRESSION_METHODS = ['ridge-standardised', 'ridge-raw'] as const;

export const PROBE_METHODS = [...CLASSIFICATION_METHODS, ...REGRESSION_METHODS] as const;

export type ProbeMethod = (typeof PROBE_METHODS)[number];
export type ClassificationMethod = (typeof CLASSIFICATION_METHODS)[number];
export type RegressionMethod = (typeof REGRESSION_METHODS)[number];

/** The probe of continuous factors on the columns of this one. */
export const regressionLike = (method: ProbeMethod): RegressionMethod =>
  method === 'logistic-raw' ? 'ridge-raw' : 'ridge-standardised';

/** Whether layers are ranked by this probe unless another one is asked for. */
export const isUsual = ({ usualMethod }: { readonly usualMethod: ProbeMethod }, method: string): boolean =>
  method === usualMethod || method === regressionLike(usualMethod);
