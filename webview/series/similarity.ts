import type { Analysis } from '../../src/protocol/messages.ts';
import type { Cell, Table } from './table.ts';

export interface LayerPair {
  readonly from: string;
  readonly to: string;
  readonly cka: number;
}

/** The neighbouring layers that resemble each other least: where the representation changes most; null without values. */
export const largestChange = (analysis: Analysis): LayerPair | null => {
  let change: LayerPair | null = null;
  for (let index = 1; index < analysis.layers.length; index++) {
    const cka = analysis.similarity.cka[index - 1]?.[index] ?? null;
    if (cka !== null && (change === null || cka < change.cka)) {
      change = { from: analysis.layers[index - 1].name, to: analysis.layers[index].name, cka };
    }
  }
  return change;
};

/** The matrix itself, a row and a column per layer. */
export const similarityTable = (analysis: Analysis): Table => ({
  columns: ['layer', ...analysis.layers.map((layer) => layer.name)],
  rows: analysis.layers.map((layer, row): Cell[] => [
    layer.name,
    ...analysis.layers.map((_, column) => analysis.similarity.cka[row]?.[column] ?? null),
  ]),
});
