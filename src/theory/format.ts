import type { TheoryDocument } from '../protocol/index.ts';

const digits = (value: number): string => value.toFixed(4);

/** The theory document as plain-text tables for a terminal: weights by layer, then the advice by feature. */
export function formatTheory(document: TheoryDocument): string[] {
  const features = document.features.map(({ feature }) => String(feature));
  const layers = document.layers.length;
  const weights = [
    ['feature', ...features],
    ['strength', ...document.strengths.map(String)],
    ['noise', ...document.noise.map(String)],
    ...document.layers.map(({ layer, weights }) => [layerTitle(layer, layers), ...weights.map(digits)]),
  ];
  const advice = [
    ['downstream feature', 'post weight', 'tau', 'prefer', 'best depth l/L', 'best layer'],
    ...document.features.map((row) => [
      String(row.feature),
      digits(row.postWeight),
      row.tau === null ? '-' : digits(row.tau),
      row.prefer,
      digits(row.bestDepthFraction),
      String(row.bestLayer),
    ]),
  ];
  return [
    'Feature weights after each layer: s^(l/L), s = phi / (phi^2 + sigma^2)',
    ...table(weights),
    '',
    'Which layer to keep: pre (half depth) when post weight < tau; best depth has the least sample complexity',
    ...table(advice),
  ];
}

function layerTitle(layer: number, layers: number): string {
  if (layer === layers) return `layer ${layer} (post)`;
  return layer * 2 === layers ? `layer ${layer} (pre)` : `layer ${layer}`;
}

/** Columns padded to their widest cell: the first left-aligned, the numbers right-aligned. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
