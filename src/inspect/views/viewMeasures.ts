import { formatCount, type Measure, type MeasuresOn } from '../../protocol/index.ts';
import type { ViewedLayer } from '../../sources/index.ts';
import { toMatrix } from '../../sources/index.ts';
import { alignment, cautioned, uniformity, unitRows, unmeasured } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { viewLidar } from './viewLidar.ts';

/** The measures that compare augmented views. */
export const viewMeasures = async (
  products: Products,
  viewed: ViewedLayer | null,
): Promise<Record<MeasuresOn<'pairs' | 'objects'>, Measure>> => {
  if (viewed === null) {
    const none = unmeasured('the experiment augments nothing, so that both views are the sample itself');
    return { lidar: none, alignment: none, uniformity: none };
  }
  const first = toMatrix(viewed.first);
  const { rows } = unitRows(first);
  const pairs = `${formatCount(first.rows)} samples`;
  return {
    lidar: await viewLidar(products, viewed),
    alignment: cautioned(alignment(first, toMatrix(viewed.second)), pairs),
    uniformity: cautioned(uniformity(first, 2, await products.inner(rows, rows)), pairs),
  };
};
