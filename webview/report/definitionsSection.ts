import * as l10n from '@vscode/l10n';
import { type ReportDocument, representationEntry } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { measureLabel } from '../series/measures.ts';
import { translated, withDirection } from '../series/measureWords.ts';
import { withSigns } from '../series/signs.ts';
import { section } from './section.ts';

/** The meaning of every number, the versions that computed it, and the experiment or inspection for running it again. */
export const definitionsSection = (page: HTMLElement, { analysis, subject }: ReportDocument): void => {
  const part = section(page, l10n.t('Definitions'));
  const list = element('dl', { class: 'definitions' });
  for (const [key, definition] of Object.entries(analysis.definitions)) {
    const entry = representationEntry(key);
    const meaning = entry === undefined ? '' : withDirection(translated(entry.meaning), entry.better);
    const formula = element('div', { class: 'formula' }, withSigns(definition));
    list.append(element('dt', {}, measureLabel(key)), element('dd', {}, meaning, formula));
  }
  const versions = Object.entries(subject.record.versions).map(([name, version]) => `${name} ${version}`);
  const isRun = subject.kind === 'run';
  const asked = isRun ? subject.record.experiment : subject.record.inspection;
  const file = element('pre', { tabindex: '0' }, JSON.stringify(asked, null, 2));
  part.append(
    list,
    element(
      'p',
      { class: 'note' },
      isRun
        ? l10n.t('Computed with {0}; {1} threads.', versions.join(', '), subject.record.backend.threads)
        : l10n.t('Computed with {0}.', versions.join(', ')),
    ),
  );
  const { command } = subject.record;
  if (command !== undefined) part.append(element('pre', { tabindex: '0' }, command));
  part.append(
    element(
      'details',
      {},
      element(
        'summary',
        {},
        isRun
          ? l10n.t('The experiment with its default values')
          : l10n.t('The inspection with its default values'),
      ),
      file,
    ),
  );
};
