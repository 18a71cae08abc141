import * as l10n from '@vscode/l10n';
import { recommendAll } from '../../src/choose/index.ts';
import type { Analysis } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import {
  createLayerSelection,
  drawHeatmap,
  drawMeasures,
  drawProbes,
  drawSimilarity,
  drawSpectrum,
} from '../figures/index.ts';
import { createFigureList } from '../panel/figureList.ts';
import { type Part, part, WORDS } from '../panel/parts.ts';
import { recommendationPart } from '../panel/recommendationPart.ts';
import { sampleWords } from '../panel/words.ts';
import { failureLine } from './failureLine.ts';
import { createTabs, type Tabs } from './tabs.ts';

interface Page {
  readonly title: string;
  readonly parts: () => readonly Part[];
}

/** The panels of VS Code that show one analysis, under the same names. */
const pagesOf = (analysis: Analysis): readonly Page[] => [
  {
    title: l10n.t('Probes'),
    parts: () => [
      part(WORDS.probes, drawProbes, analysis),
      // As `inspect` recommends, which keeps it in a file of its own.
      ...recommendAll(analysis).map(recommendationPart),
    ],
  },
  { title: l10n.t('Feature Weights'), parts: () => [part(WORDS.featureWeights, drawHeatmap, analysis)] },
  {
    title: l10n.t('Spectra'),
    parts: () => [part(WORDS.spectrum, drawSpectrum, analysis), part(WORDS.measures, drawMeasures, analysis)],
  },
  { title: l10n.t('Similarity'), parts: () => [part(WORDS.similarity, drawSimilarity, analysis)] },
];

/** The name of what was inspected, and the samples that it was measured on. */
const headerOf = (analysis: Analysis): HTMLElement => {
  // Only a training has epochs, and an analysis does not say whether it is of one.
  const samples = sampleWords(analysis, analysis.epoch === 0);
  const cautions = (analysis.cautions ?? []).map((caution) => l10n.t('Caution: {0}.', caution));
  return element(
    'header',
    {},
    element('h2', {}, analysis.experiment),
    [samples, ...cautions].map((line) => element('p', { class: 'samples' }, line)),
  );
};

/** An analysis with a tab for each panel that VS Code has for it. */
export const createAnalysisView = (analysis: Analysis): Tabs => {
  const selection = createLayerSelection();
  const tabs = createTabs(
    l10n.t('Figures of {0}', analysis.experiment),
    pagesOf(analysis).map(({ title, parts }) => ({
      title,
      draw: (panel) => {
        const place = element('div', { class: 'figures' });
        panel.append(place);
        const figures = createFigureList(place, { selection });
        try {
          figures.show(parts());
        } catch (error) {
          // A sound document may still hold what no program of ours writes, such as two layers of one name.
          panel.prepend(failureLine(error));
        }
        return figures.clear;
      },
    })),
  );
  return { ...tabs, root: element('section', {}, headerOf(analysis), tabs.root) };
};

/** The first tab with something in it: without tasks, there are no probes. */
export const firstTab = ({ layers }: Analysis): number =>
  layers.some(({ probes }) => probes.length > 0) ? 0 : 2;
