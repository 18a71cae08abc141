import * as l10n from '@vscode/l10n';
import { CHOOSE_LAYER, type PanelRun, SHOW_STATE } from '../../src/protocol/messages.ts';
import { addChoice } from '../figures/controls.ts';
import { element, fill } from '../figures/element.ts';
import type { LayerSelection } from '../figures/index.ts';
import type { Host } from './host.ts';
import type { PanelHeader } from './openPanel.ts';
import { headings, layerWords, sampleWords } from './words.ts';

interface RunHeader {
  readonly root: HTMLElement;
  update(run: PanelRun, heading: string): void;
}

/** The header: the run, a choice of its states, the samples, and the selected and recommended layers. */
const createRunHeader = (host: Host, selection: LayerSelection, place: number): RunHeader => {
  let shown: PanelRun | null = null;
  const name = element('h2');
  const samples = element('p', { class: 'samples' });
  const cautions = element('p', { class: 'samples', hidden: '' });
  const layers = element('ul', { class: 'picked' });
  const controls = element('div', { class: 'controls' });
  const states = addChoice<string>(controls, l10n.t('State'), [], (state) => {
    if (shown) host.tell(SHOW_STATE, { run: shown.run, state, place });
  });
  const choose = element('button', { type: 'button' }, l10n.t('Choose Layer…'));
  choose.addEventListener('click', () => {
    if (!shown) return;
    const highlighted = selection.current();
    const known = shown.analysis.layers.some((layer) => layer.name === highlighted);
    host.tell(CHOOSE_LAYER, { run: shown.run, layer: known ? highlighted : null });
  });
  controls.append(choose);
  return {
    root: element('header', { class: 'run-header' }, name, samples, cautions, controls, layers),
    update: (run, heading) => {
      shown = run;
      name.textContent = heading;
      samples.textContent = sampleWords(run.analysis, run.isInspection);
      const said = run.analysis.cautions ?? [];
      cautions.textContent = said.map((caution) => l10n.t('Caution: {0}.', caution)).join(' ');
      cautions.hidden = said.length === 0;
      const choices = run.analysed.map(({ state, label }) => ({ value: state, label }));
      states.offer(choices, run.state);
      fill(
        layers,
        layerWords(run).map((line) => element('li', {}, line)),
      );
    },
  };
};

/** A header for each run. */
export const createRunHeaders = (host: Host, selection: LayerSelection): PanelHeader => {
  const root = element('div', { class: 'headers' });
  let headers: readonly RunHeader[] = [];
  return {
    root,
    update: (runs) => {
      if (headers.length !== runs.length) {
        headers = runs.map((_, index) => createRunHeader(host, selection, index));
        fill(
          root,
          headers.map((header) => header.root),
        );
      }
      const words = headings(runs);
      for (const [index, run] of runs.entries()) headers[index].update(run, words[index]);
    },
  };
};
