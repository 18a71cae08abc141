import { singularValuesOfGram, symmetricEigenvalues } from '../spectrum/index.ts';
import { centreColumns, type DoubleMatrix, type Matrix } from './matrix.ts';
import type { Products } from './products.ts';
import { whitenedPairMoment } from './viewCorrelation.ts';

/** Singular values of a representation, descending: min(samples, dimensions) of them. */
export interface Spectra {
  readonly singularValues: Float64Array;
  readonly centredSingularValues: Float64Array;
}

/**
 * From the Gram matrix on the smaller side, in float64. Its error bound is that of `singularValuesOfGram`: representations
 * are float32, so what the Gram route loses (below 1e-7 of the largest) was not known in the first place.
 */
export const sampleSpectra = async (products: Products, m: Matrix): Promise<Spectra> => ({
  singularValues: await gramSingularValues(products, m),
  centredSingularValues: await gramSingularValues(products, centreColumns(m)),
});

const gramSingularValues = async (products: Products, m: Matrix): Promise<Float64Array> =>
  m.rows < m.columns
    ? singularValuesOfGram(await products.inner(m, m), m.columns).values
    : singularValuesOfGram(await products.cross(m, m), m.rows).values;

/** Correlations between two views, descending; values of rounding beyond [-1, 1] are brought back. */
export const viewCorrelations = async (
  products: Products,
  positive: DoubleMatrix,
  second: DoubleMatrix,
): Promise<Float64Array> => {
  const whitened = await whitenedPairMoment(products, positive, second);
  if (whitened === null) return new Float64Array(0);
  return symmetricEigenvalues(whitened).map((value) => Math.min(1, Math.max(-1, value)));
};

/** Square roots of the eigenvalues of an exact second moment, descending. */
export const gramSpectrum = (second: DoubleMatrix): Float64Array =>
  singularValuesOfGram(second, second.rows).values;
