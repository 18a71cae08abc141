import type { Analysis, Evaluation, LayerAnalysis, Measure } from '../protocol/index.ts';

/** The probe whose accuracy stands for a layer in the short table. */
const SHOWN = 'logistic-standardised';

const decimals = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const measureCell = (measure: Measure | undefined): string =>
  measure === undefined || measure.value === null ? '-' : decimals(measure.value);

const accuracyCell = (evaluation: Pick<Evaluation, 'accuracy' | 'interval'> | undefined): string => {
  if (evaluation === undefined || evaluation.accuracy === null || evaluation.interval === null) return '-';
  const half = (evaluation.interval[1] - evaluation.interval[0]) / 2;
  return `${(100 * evaluation.accuracy).toFixed(1)} ± ${(100 * half).toFixed(1)}`;
};

interface Column {
  readonly title: string;
  readonly cell: (layer: LayerAnalysis) => string;
}

const probeColumns = (analysis: Analysis): Column[] => {
  const tasks = [...new Set(analysis.layers.flatMap(({ probes }) => probes.map(({ task }) => task)))];
  return tasks.flatMap((task) => {
    const evaluationOf = (layer: LayerAnalysis) =>
      layer.probes.find((probe) => probe.task === task && probe.method === SHOWN)?.evaluations[0];
    const grouped = analysis.layers.some((layer) => (evaluationOf(layer)?.groups.length ?? 0) > 0);
    const accuracy: Column = { title: `${task} %`, cell: (layer) => accuracyCell(evaluationOf(layer)) };
    const worst: Column = {
      title: `${task} worst group %`,
      cell: (layer) => accuracyCell(evaluationOf(layer)?.worstGroup ?? undefined),
    };
    return grouped ? [accuracy, worst] : [accuracy];
  });
};

/**
 * The per-layer table for a terminal: one line a layer, columns aligned, no colour. Accuracies are those of the
 * standardised logistic probe on the test split, with half of their 95 % interval.
 */
export const describeAnalysis = (analysis: Analysis): string => {
  const columns: Column[] = [
    { title: 'layer', cell: ({ name }) => name },
    { title: 'dimensions', cell: ({ dimensions }) => String(dimensions) },
    { title: 'RankMe', cell: ({ measures }) => measureCell(measures.rankMe) },
    { title: 'stable rank', cell: ({ measures }) => measureCell(measures.stableRank) },
    { title: 'participation', cell: ({ measures }) => measureCell(measures.participationRatio) },
    { title: 'effective weights', cell: ({ inequality }) => measureCell(inequality.effectiveNumber) },
    ...probeColumns(analysis),
  ];
  const cells = [
    columns.map(({ title }) => title),
    ...analysis.layers.map((layer) => columns.map(({ cell }) => cell(layer))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  return cells
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '),
    )
    .join('\n');
};
