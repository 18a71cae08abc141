import { centred, type Matrix, singularValuesOfGram } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { type Representation, toMatrix } from '../representation.ts';

/** Singular values of a representation, descending: min(samples, dimensions) of them. */
export interface Spectra {
  readonly singularValues: Float64Array;
  readonly centredSingularValues: Float64Array;
  /** The centred Gram matrix on the smaller side: the eigenvalues of the covariance, times the samples. */
  readonly centredGram: Matrix;
}

/**
 * From the Gram matrix on the smaller side, in float64. Its error bound is that of `singularValuesOfGram`: representations
 * are float32, so what the Gram route loses (below 1e-7 of the largest) was not accurate in the first place.
 */
export const sampleSpectra = async (products: Products, samples: Representation): Promise<Spectra> => {
  const gram = await products.smallGram(samples);
  const centredGram = await products.smallGram(centred(toMatrix(samples)));
  const extent = Math.max(samples.rows, samples.columns);
  return {
    singularValues: singularValuesOfGram(gram, extent).values,
    centredSingularValues: singularValuesOfGram(centredGram, extent).values,
    centredGram,
  };
};
