import type { Uri } from 'vscode';
import { readEnd, readPieces } from '../../src/disk/index.ts';
import {
  LONGEST_METRIC,
  lastMetricIn,
  METRICS_LIMIT,
  METRICS_REMEDY,
  type Metric,
  MetricLines,
} from '../../src/protocol/index.ts';
import { at, reading, readThroughVscode } from './files.ts';
import { ThinnedMetrics } from './thinnedMetrics.ts';

const metricsOf = (run: Uri): Uri => at(run, 'metrics.jsonl');
const boundOf = (place: string) => ({ limit: METRICS_LIMIT, place, remedy: METRICS_REMEDY });

/** The metrics of a run for a curve: all of them, or an even selection of very many. Empty if there is no file. */
export const readMetrics = async (run: Uri): Promise<readonly Metric[]> => {
  const file = metricsOf(run);
  const thinned = new ThinnedMetrics();
  await reading(file, null, async (place) => {
    const lines = new MetricLines(place, (metric) => thinned.add(metric));
    if (file.scheme === 'file') await readPieces(file.fsPath, boundOf(place), (piece) => lines.take(piece));
    else lines.take(await readThroughVscode(file, boundOf(place)));
  });
  return thinned.all;
};

/** Enough for a complete line before a half-written one. */
const END = 4 * LONGEST_METRIC;

/** The last metric of a run, from the end of the file alone; null when there is none. */
export const readLastMetric = async (run: Uri): Promise<Metric | null> => {
  const file = metricsOf(run);
  const last = await reading(file, null, async (place) => {
    const end =
      file.scheme === 'file'
        ? await readEnd(file.fsPath, boundOf(place), END)
        : (await readThroughVscode(file, boundOf(place))).slice(-END);
    return lastMetricIn(end, place);
  });
  return last ?? null;
};
