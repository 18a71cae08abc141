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

/** What of an analysis the figures of a page read. */
interface Drawn {
  /** The long lists of a layer. */
  readonly lists: readonly List[];
  /** Whether they read the measures of each layer. */
  readonly measures: boolean;
}

const DRAWN: Readonly<Record<RunPage, Drawn>> = {
  spectra: { lists: SPECTRA, measures: true },
  featureWeights: { lists: ['featureWeights'], measures: false },
  probes: { lists: ['probes'], measures: false },
  similarity: { lists: [], measures: false },
  compare: { lists: LISTS, measures: true },
  runMeans: { lists: ['probes'], measures: true },
};

/**
 * An analysis with only what a page draws; the other lists and records are empty. Messages to a page are text: at 200
 * layers of 200 features the whole analysis is 7 MB, which takes VS Code most of a second.
 */
export const drawnAnalysis = (page: RunPage, analysis: Analysis): Analysis => {
  const { lists, measures } = DRAWN[page];
  const left: Partial<LayerAnalysis> = {
    ...Object.fromEntries(LISTS.filter((list) => !lists.includes(list)).map((list) => [list, []])),
    ...(measures ? {} : { measures: {} }),
  };
  const { similarity, definitions, absent } = analysis;
  const drawsSpectra = lists.includes('singularValues');
  return {
    ...analysis,
    layers: analysis.layers.map((layer) => ({ ...(drawsSpectra ? layer : withoutErrors(layer)), ...left })),
    definitions: measures ? definitions : {},
    similarity: page === 'similarity' ? similarity : { samples: similarity.samples, cka: [] },
    // No figure reads these: each feature weight says whether it is absent.
    untrained: null,
    absent: { threshold: absent.threshold, byLayer: {} },
  };
};
