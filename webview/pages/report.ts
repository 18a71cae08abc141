import type { ReportDocument } from '../../src/protocol/index.ts';
import {
  createLayerSelection,
  drawHeatmap,
  drawMeasures,
  drawProbes,
  drawSimilarity,
  drawSpectrum,
  drawTrainingCurves,
} from '../figures/index.ts';
import { definitionsSection } from './definitionsSection.ts';
import { headingSection } from './headingSection.ts';
import { layerSection } from './layerSection.ts';
import { recommendationSection } from './recommendationSection.ts';
import { section } from './section.ts';

/** The report: recommendation first, then the figures it rests on, the layer table and the definitions. */
const layOut = (page: HTMLElement, report: ReportDocument): void => {
  const { analysis, metrics, recommendations } = report;
  const selection = createLayerSelection(recommendations[0]?.recommended.layer ?? null);
  page.replaceChildren(headingSection(report));
  recommendationSection(page, recommendations, selection);

  const figures = section(page, 'Figures');
  figures.append(
    'A layer picked in one figure is highlighted in all. ',
    'By keyboard: Tab to a figure, arrow keys move the picked layer, Escape picks none.',
  );
  drawProbes(figures, analysis, {
    selection,
    title: 'Probe accuracy by layer',
    caption:
      'Look for the layer where a task peaks and falls off above it: what lies past the peak has been painted over.',
  });
  drawHeatmap(figures, analysis, {
    selection,
    title: 'Feature weights by layer',
    caption:
      'Look for columns that fade from top to bottom: those features are weakened or lost on the way up.',
  });
  drawSpectrum(figures, analysis, {
    selection,
    title: 'Spectrum of the representations',
    caption: 'Look for lines that drop early and steeply: those layers use few of their dimensions.',
  });
  drawSimilarity(figures, analysis, {
    selection,
    title: 'Similarity between layers',
    caption: 'Look for the dark step along the diagonal: there the representation changes most.',
  });
  drawMeasures(figures, analysis, {
    selection,
    title: 'Measures by layer',
    caption:
      'Look for ranks that fall through the head; these measures use no labels of your task and are no substitute for a probe.',
  });
  drawTrainingCurves(figures, metrics, {
    selection,
    title: 'Training curves',
    caption:
      'Look for a loss that has levelled off: an analysis of an unfinished training describes a layer in motion.',
  });
  layerSection(page, analysis);
  definitionsSection(page, report);
};

const data = document.getElementById('report-data')?.textContent;
const page = document.getElementById('report');
if (data && page) layOut(page, JSON.parse(data) as ReportDocument);
