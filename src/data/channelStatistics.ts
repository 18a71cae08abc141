import type { DataSet } from './dataSet.ts';
import { extentOf } from './image.ts';

export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const CHUNK = 256;

/**
 * Mean and standard deviation (over N) of every channel over all pixels of all unaugmented images, in float64. A
 * constant channel has the standard deviation 1, so that it can be divided by. Images only.
 */
export const channelStatistics = (dataSet: DataSet): ChannelStatistics => {
  const extent = extentOf(dataSet.shape);
  if (extent === null || dataSet.size === 0) throw new RangeError('channel statistics need images');
  const { channels } = extent;
  const sums = (read: (value: number, channel: number) => number): number[] => {
    const totals = new Array<number>(channels).fill(0);
    for (let from = 0; from < dataSet.size; from += CHUNK) {
      const { data } = dataSet.read(from, Math.min(from + CHUNK, dataSet.size));
      for (let at = 0; at < data.length; at++) totals[at % channels] += read(data[at], at % channels);
    }
    return totals;
  };
  const count = dataSet.size * extent.height * extent.width;
  const mean = sums((value) => value).map((sum) => sum / count);
  // A second pass about the mean: a single pass over squares would lose precision for nearly constant channels.
  const std = sums((value, channel) => (value - mean[channel]) ** 2).map(
    (sum) => Math.sqrt(sum / count) || 1,
  );
  return { mean, std };
};
