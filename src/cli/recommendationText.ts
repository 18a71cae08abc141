import type { OverSeeds } from '../choose/index.ts';
import { percentOf, type Recommendation, visibleLine } from '../protocol/index.ts';
import { TWO_SIDED } from '../statistics/index.ts';
import { textTable } from './textTable.ts';

/** Longer names are cut in the table; the JSON document has them in full. */
const LONGEST_NAME = 120;
const LONGEST_REASON = 2000;

/**
 * A recommendation as plain text for a terminal: the layers ranked with their evidence, a star on the
 * recommended one; then its reason, and the cautions of the analysis.
 */
export function formatRecommendation(
  recommendation: Recommendation,
  cautions: readonly string[] = [],
): string[] {
  const { task, method, on, criterion, recommended, best, ranking, reason } = recommendation;
  const rows = [
    [
      '',
      'layer',
      `${criterion} %`,
      '95 % interval',
      'below the best',
      `on ${visibleLine(on, LONGEST_NAME)} %`,
    ],
    ...ranking.map(({ layer, accuracy, interval, loss, lossError, near, reported }) => [
      layer === recommended.layer ? '*' : near ? '~' : '',
      visibleLine(layer, LONGEST_NAME),
      percentOf(accuracy),
      `${percentOf(interval[0])} to ${percentOf(interval[1])}`,
      layer === best.layer ? '-' : `${percentOf(loss)} ± ${percentOf(TWO_SIDED * lossError)}`,
      reported === null ? '-' : percentOf(reported.accuracy),
    ]),
  ];
  return [
    `${headline(recommendation)} (task ${visibleLine(task)}, ${visibleLine(method)} probe)`,
    ...textTable(rows, (column) => column < 2),
    ...(ranking.some(({ layer, near }) => near && layer !== recommended.layer)
      ? ['* recommended   ~ cannot be told apart from the best layer']
      : []),
    visibleLine(reason, LONGEST_REASON),
    ...cautions.map((caution) => `Caution: ${visibleLine(caution, LONGEST_REASON)}.`),
  ];
}

const headline = ({ recommended, verdict, unbeaten }: Recommendation): string => {
  const layer = visibleLine(recommended.layer);
  if (unbeaten.length > 0) return `Highest layer: ${layer}, but it does not beat ${listed(unbeaten)}`;
  return verdict === 'clear' ? `Recommended layer: ${layer}` : `No clear winner; highest layer: ${layer}`;
};

const listed = (nouns: Recommendation['unbeaten']): string =>
  nouns.map((noun) => (noun === 'chance' ? noun : `the ${noun}`)).join(' or ');

/** How often each layer is recommended over several runs. */
export function formatOverSeeds({ task, method, criterion, seeds, layers }: OverSeeds): string[] {
  const runs = String(seeds.length);
  const rows = [
    ['layer', 'recommended', 'not told apart', `mean ${criterion} %`, 'mean on test %'],
    ...layers.map(({ layer, recommended, near, accuracy, reported }) => [
      visibleLine(layer, LONGEST_NAME),
      `${recommended} of ${runs}`,
      `${near} of ${runs}`,
      percentOf(accuracy),
      reported === null ? '-' : percentOf(reported),
    ]),
  ];
  const [first] = layers;
  return [
    `${visibleLine(first.layer)} is recommended in ${first.recommended} of ${runs} runs (task ${visibleLine(task)}, ${visibleLine(method)} probe, seeds ${seeds.join(', ')})`,
    ...textTable(rows, (column) => column < 1),
    'not told apart: runs in which the layer cannot be told apart from the best one',
  ];
}
