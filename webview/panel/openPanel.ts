import * as l10n from '@vscode/l10n';
import {
  EXPORT_FIGURE,
  HIGHLIGHT_LAYER,
  LIST_FIGURES,
  type PanelContent,
  type PanelRun,
  type PanelSubject,
  READY,
  SAVE_FIGURE,
  SHOW_CONTENT,
  unpackAnalysis,
} from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { createLayerSelection, type LayerSelection } from '../figures/index.ts';
import { watchFailures } from './failure.ts';
import { createFigureList } from './figureList.ts';
import { connectHost, type Host } from './host.ts';
import { linkLayer } from './linkedLayer.ts';
import { nothingElement } from './nothing.ts';
import { panelState, readPanelState } from './panelState.ts';
import type { Part } from './parts.ts';
import { runsProvenance } from './provenance.ts';
import { createRunHeaders } from './runHeader.ts';
import { stateLabel } from './words.ts';

type Runs = Extract<PanelContent, { kind: 'runs' }>;

/** What the page says about its runs, above the figures. */
export interface PanelHeader {
  readonly root: HTMLElement;
  update(runs: readonly PanelRun[]): void;
}

/** Opens the page: requests its content from the host, shows it, and follows changes by the host and the user. */
export const openPanel = (
  title: string,
  partsOf: (runs: readonly PanelRun[]) => readonly Part[],
  createHeader: (host: Host, selection: LayerSelection) => PanelHeader = createRunHeaders,
): void => {
  const page = document.getElementById('panel') as HTMLElement;
  const host = connectHost(readPanelState);
  const failures = watchFailures(host, page);
  const kept = host.keptState();
  const selection = createLayerSelection(kept?.layer ?? null);
  let subjects: readonly PanelSubject[] = kept?.subjects ?? [];
  let shown: readonly PanelRun[] = [];

  const spoken = element('p', { class: 'spoken', role: 'status' });
  const header = createHeader(host, selection);
  header.root.hidden = true;
  const nothing = element('div');
  const place = element('div', { class: 'figures' });
  page.replaceChildren(spoken, element('h1', {}, title), header.root, nothing, place);
  const figures = createFigureList(place, {
    selection,
    save: (figure) => host.tell(SAVE_FIGURE, figure),
    provenance: () => runsProvenance(shown),
  });

  /** The host sends the same content again when any file of a run changes, which is not announced. */
  const say = (line: string): void => {
    if (spoken.textContent !== line) spoken.textContent = line;
  };
  const keep = (): void => host.keepState(panelState(subjects, selection.current()));
  const link = linkLayer(selection, (layer) => host.tell(HIGHLIGHT_LAYER, { layer }));
  selection.subscribe(keep);

  const showRuns = ({ runs: sent, layer }: Runs): void => {
    const runs = sent.map((run) => ({ ...run, analysis: unpackAnalysis(run.analysis) }));
    subjects = runs;
    shown = runs;
    if (layer !== null) link.receive(layer);
    nothing.replaceChildren();
    header.update(runs);
    header.root.hidden = false;
    figures.show(partsOf(runs));
    say(shownWords(runs));
  };
  const showNothing = (content: Exclude<PanelContent, Runs>): void => {
    subjects = content.subjects ?? subjects;
    figures.clear();
    header.root.hidden = true;
    nothing.replaceChildren(nothingElement(host, content));
    say(content.message);
  };
  const show = (content: PanelContent): void => {
    performance.mark('content');
    try {
      if (content.kind === 'runs') showRuns(content);
      else showNothing(content);
      failures.clear();
      if (subjects.length > 0) keep();
      document.body.dataset.drawn = String(figures.titles().length);
      performance.mark('drawn');
    } catch (error) {
      failures.fail(error);
    }
  };

  host.onTold(SHOW_CONTENT, show);
  host.onTold(HIGHLIGHT_LAYER, ({ layer }) => link.receive(layer));
  host.onAsked(LIST_FIGURES, () => figures.titles());
  host.onAsked(EXPORT_FIGURE, figures.export);
  host.start();
  performance.mark('asked');
  host.ask(READY).then(show, failures.fail);
};

const shownWords = (runs: readonly PanelRun[]): string => {
  const names = runs.map((run) => `${run.name}, ${stateLabel(run)}`);
  if (names.length > 2) return l10n.t('Showing {0} runs.', names.length);
  return names.length === 2
    ? l10n.t('Showing {0} and {1}.', names[0], names[1])
    : l10n.t('Showing {0}.', names.join(', '));
};
