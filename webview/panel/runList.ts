import * as l10n from '@vscode/l10n';
import type { PanelRun } from '../../src/protocol/messages.ts';
import { element, fill } from '../figures/element.ts';
import { formatCount } from '../series/format.ts';
import type { PanelHeader } from './openPanel.ts';
import { sampleWords } from './words.ts';

/** The header of a page about many runs: how many they are, and a list of them to unfold. */
export const createRunList = (): PanelHeader => {
  const summary = element('summary');
  const list = element('ul', { class: 'picked' });
  const lineOf = ({ name, analysis }: PanelRun): string =>
    l10n.t('{0}: seed {1}, {2}', name, String(analysis.seed), sampleWords(analysis));
  return {
    root: element('details', { class: 'run-header' }, summary, list),
    update: (runs) => {
      summary.textContent = l10n.t('{0} runs', formatCount(runs.length));
      fill(
        list,
        runs.map((run) => element('li', {}, lineOf(run))),
      );
    },
  };
};
