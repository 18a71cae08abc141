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
    ...shownIfAny('drop', document.drop),
    ...shownIfAny('resample', document.resample),
    ...(document.downstreamStrengths.some((strength, j) => strength !== document.strengths[j])
      ? [['downstream', ...document.downstreamStrengths.map(String)]]
      : []),
    ...document.layers.map(({ layer, weights }) => [layerTitle(layer, layers), ...weights.map(digits)]),
  ];
  const advice = [
    ['downstream feature', 'post weight', 'tau', 'prefer', 'best depth l/L', 'best layer'],
    ...document.features.map((row) => [
      String(row.feature),
      digits(row.postWeight),
      row.tau === null ? '-' : digits(row.tau),
      // No layer has a feature of weight 0.
      ...(row.postWeight === 0
        ? ['-', '-', '-']
        : [row.prefer, digits(row.bestDepthFraction), String(row.bestLayer)]),
    ]),
  ];
  return [
    `Feature weights after each layer: ${formulaOf(document)}`,
    ...textTable(weights),
    '',
    'Which layer to keep: pre (half depth) when post weight < tau; best depth has the least sample complexity',
    ...textTable(advice),
  ];
}

/** A row of what most questions have none of. */
const shownIfAny = (title: string, values: readonly number[]): string[][] =>
  values.some((value) => value !== 0) ? [[title, ...values.map(String)]] : [];

function formulaOf({ drop, resample, views, weightDecay }: TheoryDocument): string {
  if (weightDecay > 0)
    return `s^(l/L), 4 B1 B2 s^(4-2/L) - 4 A s^(2-2/L) + ${weightDecay} = 0; 0 where weight decay removes the feature`;
  const additive = [...drop, ...resample].every((value) => value === 0) && views === 'both';
  return additive ? 's^(l/L), s = phi / (phi^2 + sigma^2)' : 's^(l/L), s = sqrt(A / (B1 B2))';
}

function layerTitle(layer: number, layers: number): string {
  if (layer === layers) return `layer ${layer} (post)`;
  return layer * 2 === layers ? `layer ${layer} (pre)` : `layer ${layer}`;
}
