import { formatFixed, type TheoryDocument } from '../protocol/index.ts';
import { textTable } from './textTable.ts';

const digits = (value: number): string => formatFixed(value, 4);

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
    ...textTable(weights),
    '',
    'Which layer to keep: pre (half depth) when post weight < tau; best depth has the least sample complexity',
    ...textTable(advice),
  ];
}

function layerTitle(layer: number, layers: number): string {
  if (layer === layers) return `layer ${layer} (post)`;
  return layer * 2 === layers ? `layer ${layer} (pre)` : `layer ${layer}`;
}
