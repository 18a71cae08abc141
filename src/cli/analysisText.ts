import {
  type Analysis,
  type Estimate,
  type Evaluation,
  type FeatureWeight,
  formatFixed,
  isUsual,
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
  const meaning = [...titleMeanings(SHOWN_MEASURES.map(({ entry }) => entry)), ...probeMeanings(analysis)];
  const absent = Object.entries(analysis.absent.byLayer).filter(([, features]) => features.length > 0);
  return [
    ...text([measureBlock, ...tasks]),
    ...wrapped('', meaning, '; '),
    ...(weights.length > 0 ? ['', weightHeading(analysis), ...text(weights)] : []),
    ...(analysis.noTheory === undefined ? [] : wrapped('No theory: ', [`${analysis.noTheory}.`])),
    ...(analysis.cautions ?? []).flatMap((caution) => wrapped('Caution: ', [`${caution}.`])),
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

/** The columns of every task: its accuracy or R², and that of its worst group if it has groups. */
const taskBlocks = (analysis: Analysis): (readonly Column[])[] => {
  const { layers } = analysis;
  const tasks = [...new Set(layers.flatMap(({ probes }) => probes.map(({ task }) => task)))];
  return tasks.map((task) => {
    const probeOf = (layer: LayerAnalysis) =>
      layer.probes.find((probe) => probe.task === task && isUsual(analysis, probe.method));
    const evaluationOf = (layer: LayerAnalysis) => probeOf(layer)?.evaluations[0];
    const grouped = layers.some((layer) => (evaluationOf(layer)?.groups.length ?? 0) > 0);
    const isAccuracy = layers.every((layer) => probeOf(layer)?.score !== 'R²');
    const whole: Column = {
      title: `${shortName(task)} ${isAccuracy ? '' : 'R² '}%`,
      cell: (layer) => accuracyCell(evaluationOf(layer)),
    };
    const worst: Column = {
      title: 'worst group',
      cell: (layer) => accuracyCell(evaluationOf(layer)?.worstGroup ?? undefined),
    };
    return grouped ? [whole, worst] : [whole];
  });
};

/** What the columns of tasks are, by the probes that there are. */
const probeMeanings = (analysis: Analysis): string[] => {
  const usual = new Set(
    analysis.layers.flatMap(({ probes }) =>
      probes.flatMap(({ method }) => (isUsual(analysis, method) ? method : [])),
    ),
  );
  return usual.size === 0 ? [] : [`%: ${[...usual].join(' or ')} probe on test ± half its 95 % interval`];
};

/** With more features than this, use the report or the JSON document. */
const SHOWN_FEATURES = 12;

/** A column for every feature: how strongly each layer holds it. */
const weightBlocks = (analysis: Analysis): (readonly Column[])[] => {
  const text = weightTexts[quantityOf(analysis)];
  // Usable information is of factors with classes only.
  const known = analysis.layers.flatMap(({ featureWeights }) =>
    featureWeights.flatMap((weight) => (text(weight, undefined) === undefined ? [] : weight.feature)),
  );
  const features = [...new Set(known)];
  if (features.length > SHOWN_FEATURES) return [];
  return features.map((feature) => [
    {
      title: shortName(feature),
      cell: ({ name, featureWeights }) => {
        const weight = featureWeights.find((each) => each.feature === feature);
        return (weight && text(weight, predicted(analysis, name, feature))) ?? '-';
      },
    },
  ]);
};

const predicted = ({ theory }: Analysis, layer: string, feature: string): number | undefined =>
  theory?.layers.find((each) => each.layer === layer)?.weights.find((each) => each.feature === feature)
    ?.weight;

type Quantity = 'information' | 'etaSquared' | 'gain';

/** For factors of the data what a probe can use of them, or their share of the variance; otherwise the gain. */
const quantityOf = ({ layers }: Analysis): Quantity => {
  const factors = layers.flatMap(({ featureWeights }) =>
    featureWeights.filter(({ source }) => source === 'factor'),
  );
  if (factors.some(({ information }) => information !== undefined)) return 'information';
  return factors.some(({ etaSquared }) => etaSquared !== undefined) ? 'etaSquared' : 'gain';
};

const weightTexts: Readonly<
  Record<Quantity, (weight: FeatureWeight, theory: number | undefined) => string | undefined>
> = {
  information: ({ information }) => information && estimateCell(information),
  etaSquared: ({ etaSquared }) => etaSquared && estimateCell(etaSquared),
  gain: ({ weight }, theory) =>
    theory === undefined ? formatFixed(weight, 4) : `${formatFixed(weight, 4)} (${formatFixed(theory, 4)})`,
};

const estimateCell = ({ value, interval: [low, high] }: Estimate): string =>
  `${formatFixed(value, 2)} ± ${formatFixed((high - low) / 2, 2)}`;

const weightHeading = (analysis: Analysis): string => {
  const quantity = quantityOf(analysis);
  if (quantity === 'information')
    return 'Usable information about each factor in bits, out of fold ± half its 95 % interval';
  if (quantity === 'etaSquared')
    return 'Share of the variance that each factor explains (eta^2) ± half its 95 % interval';
  return `Feature weights: gain per unit of the feature${analysis.theory === null ? '' : ', and in brackets what theory predicts'}`;
};

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
