import * as l10n from '@vscode/l10n';
import type { ReportDocument } from '../../src/protocol/messages.ts';
import {
  createLayerSelection,
  drawHeatmap,
  drawMeasures,
  drawProbes,
  drawSimilarity,
  drawSpectrum,
  drawTrainingCurves,
} from '../figures/index.ts';
import { WORDS } from '../panel/parts.ts';
import { runProvenance } from '../panel/provenance.ts';
import { definitionsSection } from '../report/definitionsSection.ts';
import { headingSection } from '../report/headingSection.ts';
import { layerSection } from '../report/layerSection.ts';
import { recommendationSection } from '../report/recommendationSection.ts';
import { section } from '../report/section.ts';

/** The report: recommendation first, then the figures that it is based on, the layer table and the definitions. */
const layOut = (page: HTMLElement, report: ReportDocument): void => {
  const { analysis, metrics, recommendations } = report;
  const selection = createLayerSelection(recommendations[0]?.recommended.layer ?? null);
  const isInspection = report.subject.kind === 'inspection';
  const shared = {
    selection,
    provenance: () => runProvenance(analysis.experiment, analysis, isInspection),
  };
  page.replaceChildren(headingSection(report));
  recommendationSection(page, report, shared);

  const figures = section(page, l10n.t('Figures'));
  figures.append(
    l10n.t('A layer that you highlight in one figure is highlighted in all.'),
    ' ',
    l10n.t(
      'Keyboard: Tab moves to a figure, the arrow keys highlight a layer, Escape removes the highlight.',
    ),
  );
  drawProbes(figures, analysis, { ...shared, ...WORDS.probes });
  drawHeatmap(figures, analysis, { ...shared, ...WORDS.featureWeights });
  drawSpectrum(figures, analysis, { ...shared, ...WORDS.spectrum });
  drawSimilarity(figures, analysis, { ...shared, ...WORDS.similarity });
  drawMeasures(figures, analysis, { ...shared, ...WORDS.measures });
  if (!isInspection) {
    // The curves are of training, not of the samples that were measured.
    const provenance = (): string => runProvenance(analysis.experiment, null);
    drawTrainingCurves(figures, metrics, { selection, provenance, ...WORDS.training });
  }
  layerSection(page, analysis);
  definitionsSection(page, report);
};

const data = document.getElementById('report-data')?.textContent;
const page = document.getElementById('report');
if (data && page) layOut(page, JSON.parse(data) as ReportDocument);
