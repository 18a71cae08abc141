import * as l10n from '@vscode/l10n';
import type { CheckpointSummary } from '../../../src/protocol/messages.ts';
import { element, fill } from '../../figures/element.ts';
import { formatBytes, formatCount, formatScaled } from '../../series/format.ts';
import type { LayerCounts } from '../series/measured.ts';
import { type Checkpoints, checkpointNames } from './content.ts';

export interface PageHeader {
  readonly root: HTMLElement;
  show(content: Checkpoints): void;
  progress(counts: LayerCounts): void;
  /** Shows how many tensors have problems; hidden without a sentence. */
  health(words: string): void;
}

const layerCount = (count: number): string =>
  count === 1 ? l10n.t('1 layer') : l10n.t('{0} layers', formatCount(count));

/** The size of all files of a set, of which the opened one may be only the index. */
const sizeWords = ({ bytes, parts }: CheckpointSummary): string => {
  const files = parts.filter(({ stamp }) => stamp !== '').length;
  return files > 1 ? l10n.t('{0} in {1} files', formatBytes(bytes), formatCount(files)) : formatBytes(bytes);
};

const facts = (summary: CheckpointSummary): string =>
  [
    summary.format,
    l10n.t('{0} parameters', formatScaled(summary.parameters)),
    layerCount(summary.layers.length),
    sizeWords(summary),
  ].join(' · ');

const progressWords = ({ layers, measured, failed }: LayerCounts): string => {
  const done = l10n.t('{0} of {1} layers are measured.', formatCount(measured), formatCount(layers));
  if (failed === 0) return measured === layers ? l10n.t('All layers are measured.') : done;
  const without =
    failed === 1
      ? l10n.t('1 layer could not be measured.')
      : l10n.t('{0} layers could not be measured.', formatCount(failed));
  return measured === layers ? without : `${done} ${without}`;
};

const warningWords = (count: number): string =>
  count === 1 ? l10n.t('⚠ 1 layer with a warning') : l10n.t('⚠ {0} layers with warnings', formatCount(count));

/** The header: the file or files, their contents, and what needs attention. */
export const createPageHeader = (onNextWarning: () => void): PageHeader => {
  const files = element('div', { class: 'files' });
  const notice = element('p', { class: 'notice', role: 'status' });
  const measured = element('span', { class: 'measured' });
  const warnings = element('button', {
    type: 'button',
    title: l10n.t('Go to the next layer with a warning'),
  });
  warnings.addEventListener('click', onNextWarning);
  const health = element('span', { class: 'health', role: 'status' });
  const state = element('p', { class: 'state' }, measured, health, warnings);
  return {
    root: element('header', { class: 'checkpoint-header' }, files, notice, state),
    show: (content) => {
      const names = checkpointNames(content);
      const compared = names.length > 1;
      fill(
        files,
        content.checkpoints.map(({ summary }, place) =>
          element(
            'div',
            {},
            element(
              place === 0 ? 'h1' : 'h2',
              {},
              compared ? `${'AB'[place]}: ${names[place]}` : names[place],
            ),
            element('p', { class: 'facts', title: formatCount(summary.parameters) }, facts(summary)),
          ),
        ),
      );
      notice.textContent = content.notice ?? '';
      notice.hidden = content.notice === null;
    },
    health: (words) => {
      if (health.textContent !== words) health.textContent = words;
      health.hidden = words === '';
    },
    progress: (counts) => {
      const { warned } = counts;
      state.hidden = counts.layers === 0;
      measured.textContent = progressWords(counts);
      warnings.hidden = warned === 0;
      warnings.textContent = warningWords(warned);
    },
  };
};
