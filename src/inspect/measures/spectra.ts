import { centred, type RepresentationSpectra, singularValuesOfGram } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { type Representation, toMatrix } from '../representation.ts';

/**
 * From the Gram matrix on the smaller side, in float64. Its error bound is that of `singularValuesOfGram`: representations
 * are float32, so what the Gram route loses (below 1e-7 of the largest) was not accurate in the first place.
 */
export const sampleSpectra = async (
  products: Products,
  samples: Representation,
): Promise<RepresentationSpectra> => {
  const gram = await products.smallGram(samples);
  const centredGram = await products.smallGram(centred(toMatrix(samples)));
  const extent = Math.max(samples.rows, samples.columns);
  return {
    singularValues: singularValuesOfGram(gram, extent).values,
    centredSingularValues: singularValuesOfGram(centredGram, extent).values,
    centredGram,
  };
};
