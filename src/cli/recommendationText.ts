import { percentOf, type Recommendation, visibleLine } from '../protocol/index.ts';
import { textTable } from './textTable.ts';

/** Longer names are cut in the table; the JSON document has them in full. */
const LONGEST_NAME = 120;
const LONGEST_REASON = 2000;

/**
 * A recommendation as plain text for a terminal: the layers ranked with their evidence, a star on the
 * recommended one.
 */
export function formatRecommendation(recommendation: Recommendation): string[] {
  const { task, method, on, criterion, verdict, recommended, ranking, reason } = recommendation;
  const rows = [
    ['', 'layer', `${criterion} %`, '95 % interval', 'standard error', 'samples'],
    ...ranking.map(({ layer, accuracy, interval, standardError, samples }) => [
      layer === recommended.layer ? '*' : '',
      visibleLine(layer, LONGEST_NAME),
      percentOf(accuracy),
      `${percentOf(interval[0])} to ${percentOf(interval[1])}`,
      percentOf(standardError),
      String(samples),
    ]),
  ];
  const outcome =
    verdict === 'clear' ? `Recommended layer: ${visibleLine(recommended.layer)}` : 'No clear winner';
  return [
    `${outcome} (task ${visibleLine(task)}, ${visibleLine(method)} probe, on ${visibleLine(on)})`,
    ...textTable(rows, (column) => column < 2),
    visibleLine(reason, LONGEST_REASON),
  ];
}
