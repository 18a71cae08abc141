import { csvLine, formatCount, percentOf, regressionLike } from '../../protocol/index.ts';
import type { PaperCell, PaperColumn, PaperTable } from './paperTable.ts';

const METHOD_WORDS: Readonly<Record<PaperTable['method'], string>> = {
  'logistic-standardised': 'logistic regression on standardised columns',
  'logistic-raw': 'logistic regression on centred columns',
  'logistic-normalised': 'logistic regression on rows of length 1',
  mlp: 'a perceptron with one hidden layer of 64 units on standardised columns',
  knn: 'nearest neighbours',
  'few-shot-1': 'the nearest class mean of 1 labelled sample a class',
  'few-shot-5': 'the nearest class mean of 5 labelled samples a class',
  'few-shot-20': 'the nearest class mean of 20 labelled samples a class',
  'ridge-standardised': 'ridge regression on standardised columns',
  'ridge-raw': 'ridge regression on centred columns',
};

/** What the numbers are, in a sentence. */
const captionOf = ({ experiment, seeds, method, columns }: PaperTable): string => {
  const samples = [...new Set(columns.map((column) => formatCount(column.samples)))].join(' or ');
  const kinds = new Set(columns.map(({ quantity }) => quantity));
  const interval =
    seeds.length === 1
      ? `half of the 95 % ${kinds.has('R²') ? '' : 'Wilson score '}interval`
      : `half of the 95 % interval of the mean over ${seeds.length} seeds (Student's t)`;
  const scores = [
    ...(kinds.has('accuracy') ? [`Accuracy in % of ${METHOD_WORDS[method]}`] : []),
    ...(kinds.has('R²') ? [`R² in % of ${METHOD_WORDS[regressionLike(method)]}`] : []),
  ];
  return `${scores.join(', and ')} on the representations of each layer of ${experiment}, on ${samples} test samples; ± ${interval}.`;
};

const titleOf = ({ task, quantity }: PaperColumn): string =>
  quantity === 'accuracy' ? task : `${task}, ${quantity}`;

/** Percent with one decimal, and half of the interval. */
const partsOf = ({ value, interval }: PaperCell): { number: string; half: string | null } | null =>
  value === null
    ? null
    : {
        number: percentOf(value),
        half: interval === null ? null : percentOf((interval[1] - interval[0]) / 2),
      };

/** For each column the rows with its highest number. */
const highestOf = ({ rows, columns }: PaperTable): number[] =>
  columns.map((_, column) =>
    rows.reduce((most, { cells }) => Math.max(most, cells[column].value ?? most), Number.NEGATIVE_INFINITY),
  );

/** A table of Markdown, the highest number of each column in bold, with its caption below. */
export const markdownTable = (table: PaperTable): string => {
  const highest = highestOf(table);
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cellText = (cell: PaperCell, column: number): string => {
    const parts = partsOf(cell);
    if (parts === null) return '-';
    const number = cell.value === highest[column] ? `**${parts.number}**` : parts.number;
    return parts.half === null ? number : `${number} ± ${parts.half}`;
  };
  return [
    line(['Layer', ...table.columns.map((column) => escaped(titleOf(column)))]),
    line(['---', ...table.columns.map(() => '---:')]),
    ...table.rows.map(({ layer, cells }) => line([escaped(layer), ...cells.map(cellText)])),
    '',
    captionOf(table),
    '',
  ].join('\n');
};

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '²': '\\textsuperscript{2}',
};

/** Text as LaTeX prints it. */
export const latexText = (text: string): string =>
  text
    .replace(/[\\~^±²]|[&%$#_{}]/g, (character) => LATEX[character] ?? `\\${character}`)
    .replace(/\s+/g, ' ');

/** A table of LaTeX with booktabs, the highest number of each column in bold. */
export const latexTable = (table: PaperTable): string => {
  const highest = highestOf(table);
  const cellText = (cell: PaperCell, column: number): string => {
    const parts = partsOf(cell);
    if (parts === null) return '--';
    const number = cell.value === highest[column] ? `\\mathbf{${parts.number}}` : parts.number;
    return parts.half === null ? `$${number}$` : `$${number} \\pm ${parts.half}$`;
  };
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
  return [
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${latexText(captionOf(table))}}`,
    `\\label{tab:${table.experiment.replace(/[^a-zA-Z0-9-]/g, '-')}}`,
    `\\begin{tabular}{l${'r'.repeat(table.columns.length)}}`,
    '\\toprule',
    line(['Layer', ...table.columns.map((column) => latexText(titleOf(column)))]),
    '\\midrule',
    ...table.rows.map(({ layer, cells }) => line([latexText(layer), ...cells.map(cellText)])),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
};

/** One line for each number, as shares, with everything that is needed to use it. */
export const csvTable = (table: PaperTable): string =>
  [
    ['layer', 'task', 'quantity', 'value', '95 % low', '95 % high', 'test samples', 'seeds', 'probe'],
    ...table.rows.flatMap(({ layer, cells }) =>
      cells.map(({ value, interval }, column) => {
        const { task, quantity, samples } = table.columns[column];
        const [low, high] = interval ?? [null, null];
        const probe = quantity === 'R²' ? regressionLike(table.method) : table.method;
        return [layer, task, quantity, value, low, high, samples, table.seeds.join(' '), probe];
      }),
    ),
  ]
    .map(csvLine)
    .join('');
