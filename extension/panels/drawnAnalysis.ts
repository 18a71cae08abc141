import { type Analysis, type LayerAnalysis, withoutErrors } from '../../src/protocol/messages.ts';
import type { RunPage } from './panelPages.ts';

const LISTS = [
  'singularValues',
  'centredSingularValues',
  'viewCorrelation',
  'featureWeights',
  'probes',
] as const satisfies readonly (keyof LayerAnalysis)[];
type List = (typeof LISTS)[number];

const SPECTRA: readonly List[] = ['singularValues', 'centredSingularValues', 'viewCorrelation'];

/** The long lists of a layer that the figures of each page read. */
const DRAWN: Readonly<Record<RunPage, readonly List[]>> = {
  spectra: SPECTRA,
  featureWeights: ['featureWeights'],
  probes: ['probes'],
  similarity: [],
  compare: LISTS,
  runMeans: ['probes'],
};

/**
 * An analysis with only the long lists that a page draws; the others are empty. Messages to a page are text: at 200
 * layers of 200 features the whole analysis is 7 MB, which takes VS Code most of a second.
 */
export const drawnAnalysis = (page: RunPage, analysis: Analysis): Analysis => {
  const left = Object.fromEntries(
    LISTS.filter((list) => !DRAWN[page].includes(list)).map((list) => [list, []]),
  );
  const { similarity } = analysis;
  const drawsSpectra = DRAWN[page].includes('singularValues');
  return {
    ...analysis,
    layers: analysis.layers.map((layer) => ({ ...(drawsSpectra ? layer : withoutErrors(layer)), ...left })),
    similarity: page === 'similarity' ? similarity : { samples: similarity.samples, cka: [] },
  };
};
