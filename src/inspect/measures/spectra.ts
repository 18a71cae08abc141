import { type Representation, toMatrix } from '../../sources/index.ts';
import {
  centred,
  type Matrix,
  type RepresentationSpectra,
  type SampleEnergies,
  singularValuesOfGram,
  symmetricEigen,
  transpose,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';

/** Eigenvectors of a larger Gram matrix take longer than everything else about a layer: no intervals then. */
const LARGEST_SIDE = 512;

/**
 * From the Gram matrix on the smaller side, in float64. Its error bound is that of `singularValuesOfGram`: representations
 * are float32, so what the Gram route loses (below 1e-7 of the largest) was not accurate in the first place.
 */
export const sampleSpectra = async (
  products: Products,
  samples: Representation,
): Promise<RepresentationSpectra> => {
  const about = centred(toMatrix(samples));
  const gram = await products.smallGram(samples);
  const centredGram = await products.smallGram(about);
  if (gram.rows > LARGEST_SIDE) {
    const extent = Math.max(samples.rows, samples.columns);
    return {
      singularValues: singularValuesOfGram(gram, extent).values,
      centredSingularValues: singularValuesOfGram(centredGram, extent).values,
      centredGram,
      energies: null,
    };
  }
  const whole = await decompose(products, samples, gram);
  const middle = await decompose(products, about, centredGram);
  return {
    singularValues: whole.singularValues,
    centredSingularValues: middle.singularValues,
    centredGram,
    energies: { uncentred: whole.energies, centred: middle.energies },
  };
};

/**
 * Singular values, and (z_i . v_k)^2 from eigenvectors of Z^T Z, or from those of Z Z^T, which are the scores divided by
 * sigma_k.
 */
const decompose = async (
  products: Products,
  samples: Representation,
  gram: Matrix,
): Promise<{ singularValues: Float64Array; energies: SampleEnergies }> => {
  const { values, vectors } = symmetricEigen(gram);
  const eigenvalues = values.map((lambda) => Math.max(0, lambda));
  const wide = samples.rows < samples.columns;
  const energies = wide ? transpose(vectors) : await products.inner(samples, vectors);
  const { data, columns } = energies;
  for (let at = 0; at < data.length; at++) data[at] = data[at] ** 2 * (wide ? eigenvalues[at % columns] : 1);
  return { singularValues: eigenvalues.map(Math.sqrt), energies };
};
