import type { Matrix } from '../../spectrum/index.ts';

/** Exact moments of one layer's representation over the augmented views. */
export interface PopulationLayer {
  /** R with R^T R = E[r r^T]; row i belongs to the same event at every layer, so R_l^T R_m = E[r_l r_m^T]. */
  readonly root: Matrix;
  /** E[r r+^T], symmetrised: [dimensions, dimensions]. */
  readonly positive: Matrix;
  /** ||E[r h_j]|| / phi_j for the unaugmented input: [features]. */
  readonly gains: Float64Array;
}
