import { centred, singularValuesOfGram } from '../spectrum/index.ts';
import { type DoubleMatrix, type Matrix, toDouble } from './matrix.ts';
import type { Products } from './products.ts';

/** Singular values of a representation, descending: min(samples, dimensions) of them. */
export interface Spectra {
  readonly singularValues: Float64Array;
  readonly centredSingularValues: Float64Array;
  /** The centred Gram matrix on the smaller side: the eigenvalues of the covariance, times the samples. */
  readonly centredGram: DoubleMatrix;
}

/**
 * From the Gram matrix on the smaller side, in float64. Its error bound is that of `singularValuesOfGram`: representations
 * are float32, so what the Gram route loses (below 1e-7 of the largest) was not known in the first place.
 */
export const sampleSpectra = async (products: Products, m: Matrix): Promise<Spectra> => {
  const gram = await smallGram(products, m);
  const centredGram = await smallGram(products, centred(toDouble(m)));
  const extent = Math.max(m.rows, m.columns);
  return {
    singularValues: singularValuesOfGram(gram, extent).values,
    centredSingularValues: singularValuesOfGram(centredGram, extent).values,
    centredGram,
  };
};

const smallGram = (products: Products, m: Matrix): Promise<DoubleMatrix> =>
  m.rows < m.columns ? products.inner(m, m) : products.cross(m, m);
