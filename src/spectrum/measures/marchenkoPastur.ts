export interface BulkEdges {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Edges of the Marchenko-Pastur bulk, lambda-+ = sigma^2 (1 -+ 1 / sqrt(Q))^2, for the eigenvalues of X^T X / N with N rows and
 * M = N / Q columns (Q >= 1) of independent entries of variance sigma^2.
 */
export function marchenkoPasturEdges(q: number, sigma: number): BulkEdges {
  const ratio = 1 / Math.sqrt(q);
  return { lower: (sigma * (1 - ratio)) ** 2, upper: (sigma * (1 + ratio)) ** 2 };
}

/**
 * The edge above which WeightWatcher calls an eigenvalue a spike: lambda+ + sqrt(TW), with the Tracy-Widom width
 * TW = Q^(-1/2) lambda+^(2/3) M^(-2/3). The square root is WeightWatcher's (RMT_Util), kept to agree with it.
 */
export function tracyWidomEdge(q: number, sigma: number, columns: number): number {
  const { upper } = marchenkoPasturEdges(q, sigma);
  return upper + Math.sqrt(q ** -0.5 * upper ** (2 / 3) * columns ** (-2 / 3));
}
