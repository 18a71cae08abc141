import { type Representation, type SourceLayer, toMatrix } from '../sources/index.ts';
import { type Matrix, matrix, type RepresentationSpectra, singularValuesOfGram } from '../spectrum/index.ts';
import type { Products } from './algebra/products.ts';

/** Rows that are multiplied at a time. */
const ROWS = 1024;
/** Bytes of the Gram matrices of all layers, at most. */
const MOST_BYTES = 2 ** 29;

/** Sums over samples z of a layer, about a point near their mean, so that little is lost where it is subtracted. */
export interface LayerMoments {
  readonly samples: number;
  /** [dimensions] */
  readonly point: Float64Array;
  /** Of z - point: [dimensions] */
  readonly sum: Float64Array;
  /** Of (z - point) (z - point)^T: [dimensions, dimensions] */
  readonly gram: Float64Array;
}

/** The same while rows arrive, with those that are not multiplied yet. */
interface Running {
  samples: number;
  readonly point: Float64Array;
  readonly sum: Float64Array;
  readonly gram: Float64Array;
  readonly waiting: Matrix;
  filled: number;
}

/**
 * First and second moments of layers in float64, from rows that arrive in blocks and are not kept. Those of the same rows are
 * the same to the last bit, wherever `state` was asked for meanwhile at the same place.
 */
export class WholeMoments {
  private readonly running: Map<string, Running | null>;

  /** @param known those of an earlier inspection of the same samples, up to where `add` continues. */
  constructor(
    private readonly products: Products,
    layers: readonly SourceLayer[],
    known: ReadonlyMap<string, LayerMoments>,
  ) {
    let bytes = 0;
    this.running = new Map(
      layers.map(({ name, dimensions }) => {
        const own = 8 * dimensions ** 2;
        const isMissing = known.size > 0 && !known.has(name);
        if (isMissing || bytes + own > MOST_BYTES) return [name, null];
        bytes += own;
        return [name, runningOf(dimensions, known.get(name))];
      }),
    );
  }

  async add(layer: string, rows: Representation): Promise<void> {
    const own = this.running.get(layer);
    if (own === undefined || own === null) return;
    if (own.samples === 0) own.point.set(meanOf(rows));
    const { columns, data } = rows;
    for (let i = 0; i < rows.rows; i++) {
      const to = own.filled * columns;
      for (let j = 0; j < columns; j++) own.waiting.data[to + j] = data[i * columns + j] - own.point[j];
      own.samples++;
      own.filled++;
      if (own.filled === ROWS) await this.multiply(own);
    }
  }

  /** The moments of what was added. */
  async state(): Promise<Map<string, LayerMoments>> {
    const found = new Map<string, LayerMoments>();
    for (const [name, own] of this.running) {
      if (own === null) continue;
      await this.multiply(own);
      const { samples, point, sum, gram } = own;
      found.set(name, { samples, point, sum, gram });
    }
    return found;
  }

  private async multiply(own: Running): Promise<void> {
    const { waiting, sum, gram, filled } = own;
    if (filled === 0) return;
    const rows = matrix(filled, waiting.columns, waiting.data.subarray(0, filled * waiting.columns));
    for (let at = 0; at < rows.data.length; at++) sum[at % rows.columns] += rows.data[at];
    const { data } = await this.products.cross(rows, rows);
    for (let at = 0; at < gram.length; at++) gram[at] += data[at];
    own.filled = 0;
  }
}

const runningOf = (dimensions: number, known: LayerMoments | undefined): Running => ({
  samples: known?.samples ?? 0,
  point: Float64Array.from(known?.point ?? new Float64Array(dimensions)),
  sum: Float64Array.from(known?.sum ?? new Float64Array(dimensions)),
  gram: Float64Array.from(known?.gram ?? new Float64Array(dimensions ** 2)),
  waiting: matrix(ROWS, dimensions),
  filled: 0,
});

const meanOf = (rows: Representation): Float64Array => {
  const mean = new Float64Array(rows.columns);
  const { data } = toMatrix(rows);
  for (let at = 0; at < data.length; at++) mean[at % rows.columns] += data[at] / rows.rows;
  return mean;
};

/**
 * Spectra from moments, with the error of the Gram route; no intervals, because those need every sample again. Null with fewer
 * samples than dimensions.
 */
export const spectraOfMoments = ({
  samples,
  point,
  sum,
  gram,
}: LayerMoments): RepresentationSpectra | null => {
  const n = point.length;
  if (samples <= n) return null;
  const whole = matrix(n, n);
  const middle = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      middle.data[at] = gram[at] - (sum[i] * sum[j]) / samples;
      whole.data[at] = gram[at] + point[i] * sum[j] + sum[i] * point[j] + samples * point[i] * point[j];
    }
  }
  return {
    singularValues: singularValuesOfGram(whole, samples).values,
    centredSingularValues: singularValuesOfGram(middle, samples).values,
    centredGram: middle,
    energies: null,
  };
};
