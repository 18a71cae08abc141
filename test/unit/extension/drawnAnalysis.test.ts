import { describe, expect, it } from 'vitest';
import { drawnAnalysis } from '../../../extension/panels/drawnAnalysis.ts';
import { RUN_PAGES, type RunPage } from '../../../extension/panels/panelPages.ts';
import type { Analysis } from '../../../src/protocol/index.ts';
import { accuracyTable } from '../../../webview/series/accuracy.ts';
import { comparisonTable, spectrumComparisonTable } from '../../../webview/series/comparison.ts';
import { weightMatrix, weightSources, weightTable } from '../../../webview/series/featureWeights.ts';
import { measureTable } from '../../../webview/series/measures.ts';
import { runMeansTable } from '../../../webview/series/runMeans.ts';
import { similarityTable } from '../../../webview/series/similarity.ts';
import { spectrumTable } from '../../../webview/series/spectrumTable.ts';
import { inventedImageReport, inventedTheoryReport } from '../webview/inventedReport.ts';

const spectra = (analysis: Analysis) => [
  spectrumTable(analysis, 'uncentred', true),
  spectrumTable(analysis, 'centred', true),
  spectrumTable(analysis, 'view-correlation'),
  measureTable(analysis),
];
const weights = (analysis: Analysis) =>
  weightSources(analysis).map((source) => weightTable(weightMatrix(analysis, source, 'gain')));
const compared = (analysis: Analysis) => {
  const comparison = { a: analysis, b: analysis, nameA: 'a', nameB: 'b' };
  return [
    comparisonTable(comparison),
    spectrumComparisonTable(comparison, 'uncentred'),
    spectrumComparisonTable(comparison, 'centred'),
    spectrumComparisonTable(comparison, 'view-correlation'),
    ...weights(analysis),
  ];
};

/** The data tables of the figures of each page. */
const TABLES: Readonly<Record<RunPage, (analysis: Analysis) => unknown[]>> = {
  spectra,
  featureWeights: weights,
  probes: (analysis) => [accuracyTable(analysis)],
  similarity: (analysis) => [similarityTable(analysis)],
  compare: compared,
  runMeans: (analysis) => [runMeansTable([{ name: 'a', settings: '', analysis }])],
};

describe('the analysis that a page gets', () => {
  const analyses = [inventedImageReport().analysis, inventedTheoryReport().analysis];

  it.each(RUN_PAGES)('has everything that the figures of the page show: %s', (page) => {
    for (const analysis of analyses) {
      const tables = TABLES[page](analysis);
      expect(tables.length).toBeGreaterThan(0);
      expect(TABLES[page](drawnAnalysis(page, analysis))).toEqual(tables);
    }
  });

  it.each(['featureWeights', 'probes', 'similarity'] as const)(
    'has no measures on a page without them: %s',
    (page) => {
      const { layers, definitions } = drawnAnalysis(page, analyses[0]);
      expect(layers.map(({ measures }) => measures)).toEqual(analyses[0].layers.map(() => ({})));
      expect(definitions).toEqual({});
    },
  );

  it.each(RUN_PAGES)('leaves out what it does not show: %s', (page) => {
    const [analysis] = analyses;
    const size = (one: Analysis) => JSON.stringify(one).length;
    expect(size(drawnAnalysis(page, analysis))).toBeLessThan(size(analysis));
  });
});
