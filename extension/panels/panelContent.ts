import { l10n, Uri } from 'vscode';
import {
  ANALYSIS_DOCUMENT,
  Fault,
  type PanelContent,
  type PanelSubject,
  packAnalysis,
  type SentRun,
} from '../../src/protocol/index.ts';
import {
  listAnalysed,
  readAnalysis,
  readInspection,
  readRecommendations,
  readRecord,
  readSelections,
} from '../runs/readRun.ts';
import { isInspection } from '../runs/runLibrary.ts';
import { settingsOf } from '../runs/settings.ts';
import { drawnAnalysis } from './drawnAnalysis.ts';
import type { PanelPage, RunPage } from './panelPages.ts';

const readSubject = async (page: RunPage, { run, state }: PanelSubject): Promise<SentRun> => {
  const uri = Uri.parse(run);
  const reading = readAnalysis(uri, state);
  const [facts, analysis, recommendations, analysed, selections] = await Promise.all([
    factsOf(uri),
    reading,
    state === 'last' ? readRecommendations(uri, reading) : [],
    listAnalysed(uri),
    readSelections(uri),
  ]);
  return {
    run,
    state,
    ...facts,
    analysis: packAnalysis(drawnAnalysis(page, analysis)),
    probed: analysis.layers.some(({ probes }) => probes.length > 0),
    recommendations,
    selections,
    analysed,
  };
};

/** What a run is called, and what it has in common with others. */
const factsOf = async (uri: Uri): Promise<Pick<SentRun, 'name' | 'settings' | 'isInspection'>> => {
  if (isInspection(uri)) {
    const { name } = await readInspection(uri);
    // Nothing else is the same but for its seed.
    return { name: nameOf(uri, name), settings: uri.toString(), isInspection: true };
  }
  const record = await readRecord(uri);
  return { name: nameOf(uri, record.name), settings: settingsOf(record) };
};

/** The folder distinguishes runs of one experiment. */
const nameOf = (uri: Uri, experiment: string): string =>
  uri.path.slice(uri.path.lastIndexOf('/') + 1) || experiment;

/** What a page draws: its runs, or one line that says why it cannot. */
export const panelContent = async (
  page: PanelPage,
  subjects: readonly PanelSubject[],
  layer: string | null,
): Promise<PanelContent> => {
  if (page === 'theory' || subjects.length === 0) {
    return {
      kind: 'nothing',
      message: l10n.t('This panel has no run to show. Open it from a run.'),
      action: null,
    };
  }
  try {
    return {
      kind: 'runs',
      runs: await Promise.all(subjects.map((subject) => readSubject(page, subject))),
      layer,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const notInspected = error.what === ANALYSIS_DOCUMENT.missing.what;
    const action = notInspected ? 'inspect' : 'showLog';
    const message = notInspected ? l10n.t('This run has not been inspected yet.') : error.message;
    return { kind: 'nothing', message, action, subjects };
  }
};
