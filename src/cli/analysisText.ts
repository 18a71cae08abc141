import {
  type Analysis,
  type Evaluation,
  formatFixed,
  type LayerAnalysis,
  percentOf,
  REPRESENTATION_MEASURES,
  visibleLine,
} from '../protocol/index.ts';
import { measureText, titleMeanings } from './measureText.ts';
import { TextColumns, textTable } from './textTable.ts';

/** Maximum line width, unless a single word or block is wider. */
const WIDTH = 110;

/** Longer names are cut in the table; the JSON document has them in full. */
const LONGEST_NAME = 120;

const shortName = (name: string): string => visibleLine(name, LONGEST_NAME);

interface Column {
  readonly title: string;
  readonly cell: (layer: LayerAnalysis) => string;
}

/**
 * The per-layer table for a terminal, without colour: one line per layer, what its columns mean, then the absent
 * features. Accuracies are those of the usual probe on the test split, with half of their 95 %
 * interval. Tasks that do not fit go into a further table below.
 */
export const describeAnalysis = (analysis: Analysis): string[] => {
  const layerColumn: Column = { title: 'layer', cell: ({ name }) => shortName(name) };
  const tasks = taskBlocks(analysis);
  const text = (blocks: readonly (readonly Column[])[]) =>
    fitted(blocks, layerColumn, analysis.layers).flatMap((columns, at) => [
      ...(at === 0 ? [] : ['']),
      ...textTable(rowsOf([layerColumn, ...columns], analysis.layers)),
    ]);
  const weights = weightBlocks(analysis);
  const meaning = [
    ...titleMeanings(SHOWN_MEASURES.map(({ entry }) => entry)),
    ...(tasks.length > 0 ? [`%: ${analysis.usualMethod} probe on test ± half its 95 % interval`] : []),
  ];
  const absent = Object.entries(analysis.absent.byLayer).filter(([, features]) => features.length > 0);
  return [
    ...text([measureBlock, ...tasks]),
    ...wrapped('', meaning, '; '),
    ...(weights.length > 0 ? ['', weightHeading(analysis), ...text(weights)] : []),
    ...absent.flatMap(([layer, features]) =>
      wrapped(`absent at ${shortName(layer)}: `, features.map(shortName)),
    ),
  ];
};

/** Those with a column. */
const SHOWN_MEASURES = Object.entries(REPRESENTATION_MEASURES).flatMap(([key, entry]) =>
  entry.terminal === undefined ? [] : [{ key, title: entry.terminal, entry }],
);

const measureBlock: readonly Column[] = [
  { title: 'dims', cell: ({ dimensions }) => String(dimensions) },
  ...SHOWN_MEASURES.map(
    ({ key, title, entry }): Column => ({
      title,
      cell: ({ measures, inequality }) =>
        measureText(({ ...measures, ...inequality } as LayerAnalysis['measures'])[key], entry),
    }),
  ),
];

/** The columns of every task: its accuracy, and that of its worst group if it has groups. */
const taskBlocks = ({ layers, usualMethod }: Analysis): (readonly Column[])[] => {
  const tasks = [...new Set(layers.flatMap(({ probes }) => probes.map(({ task }) => task)))];
  return tasks.map((task) => {
    const evaluationOf = (layer: LayerAnalysis) =>
      layer.probes.find((probe) => probe.task === task && probe.method === usualMethod)?.evaluations[0];
    const grouped = layers.some((layer) => (evaluationOf(layer)?.groups.length ?? 0) > 0);
    const accuracy: Column = {
      title: `${shortName(task)} %`,
      cell: (layer) => accuracyCell(evaluationOf(layer)),
    };
    const worst: Column = {
      title: 'worst group',
      cell: (layer) => accuracyCell(evaluationOf(layer)?.worstGroup ?? undefined),
    };
    return grouped ? [accuracy, worst] : [accuracy];
  });
};

/** With more features than this, use the report or the JSON document. */
const SHOWN_FEATURES = 12;

/** A column for every feature: its weight at the layer, and in brackets what theory predicts there. */
const weightBlocks = ({ layers, theory }: Analysis): (readonly Column[])[] => {
  const features = layers[0].featureWeights.map(({ feature }) => feature);
  if (features.length > SHOWN_FEATURES) return [];
  const predicted = (layer: string, feature: string) =>
    theory?.layers.find((each) => each.layer === layer)?.weights.find((each) => each.feature === feature)
      ?.weight;
  return features.map((feature) => [
    {
      title: shortName(feature),
      cell: ({ name, featureWeights }) => {
        const measured = featureWeights.find((each) => each.feature === feature)?.weight;
        const theoretical = predicted(name, feature);
        if (measured === undefined) return '-';
        return theoretical === undefined
          ? formatFixed(measured, 4)
          : `${formatFixed(measured, 4)} (${formatFixed(theoretical, 4)})`;
      },
    },
  ]);
};

const weightHeading = ({ theory }: Analysis): string =>
  `Feature weights: gain per unit of the feature${theory === null ? '' : ', and in brackets what theory predicts'}`;

const accuracyCell = (evaluation: Pick<Evaluation, 'accuracy' | 'interval'> | undefined): string => {
  if (evaluation === undefined || evaluation.accuracy === null || evaluation.interval === null) return '-';
  const half = (evaluation.interval[1] - evaluation.interval[0]) / 2;
  return `${percentOf(evaluation.accuracy)} ± ${percentOf(half)}`;
};

/** The titles, and a row for each layer. */
const rowsOf = (columns: readonly Column[], layers: readonly LayerAnalysis[]): string[][] => [
  columns.map(({ title }) => title),
  ...layers.map((layer) => columns.map(({ cell }) => cell(layer))),
];

const widthOf = (columns: readonly Column[], layers: readonly LayerAnalysis[]): number => {
  const table = new TextColumns(() => true);
  for (const row of rowsOf(columns, layers)) table.fit(row);
  return table.width;
};

/** Blocks of columns, as many side by side as fit the width after the `leading` column. */
const fitted = (
  blocks: readonly (readonly Column[])[],
  leading: Column,
  layers: readonly LayerAnalysis[],
): Column[][] => {
  const tables: Column[][] = [];
  for (const block of blocks) {
    const together = [...(tables.at(-1) ?? []), ...block];
    if (tables.length > 0 && widthOf([leading, ...together], layers) <= WIDTH)
      tables[tables.length - 1] = together;
    else tables.push([...block]);
  }
  return tables;
};

/** A list after its heading, broken into lines that are indented below it. */
const wrapped = (heading: string, items: readonly string[], between = ', '): string[] => {
  const lines = [heading];
  for (const [at, item] of items.entries()) {
    const word = at === items.length - 1 ? item : `${item}${between}`;
    if (lines[lines.length - 1].length + word.trimEnd().length > WIDTH) lines.push('  ');
    lines[lines.length - 1] += word;
  }
  return lines.map((line) => line.trimEnd());
};
