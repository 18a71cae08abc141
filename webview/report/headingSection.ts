import * as l10n from '@vscode/l10n';
import type { ReportDocument } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { formatCount } from '../series/format.ts';

/** Characters of the data hash that are shown to distinguish data sets; the whole hash is its title. */
const HASH_LENGTH = 12;

/** What was trained and analysed, in one line of facts. */
export const headingSection = ({ run, analysis }: ReportDocument): HTMLElement => {
  const { samples } = analysis;
  const facts: [string, string, string?][] = [
    [l10n.t('seed'), String(analysis.seed), l10n.t('The same seed on the same backend gives the same run.')],
    [
      l10n.t('epoch'),
      formatCount(analysis.epoch),
      l10n.t('step {0} of {1}', formatCount(analysis.step), formatCount(run.totalSteps)),
    ],
    [l10n.t('backend'), analysis.backend, run.backend.reason],
    [l10n.t('train samples'), formatCount(samples.train)],
    [l10n.t('test samples'), formatCount(samples.test)],
    [l10n.t('parameters'), formatCount(run.parameters)],
    [l10n.t('data hash'), analysis.dataHash.slice(0, HASH_LENGTH), analysis.dataHash],
    [l10n.t('trained'), `${run.created.slice(0, 16).replace('T', ' ')} UTC`],
  ];
  const list = element('dl', { class: 'facts' });
  for (const [name, value, title] of facts) {
    const fact = element('dd', title ? { title } : {}, value);
    list.append(element('div', {}, element('dt', {}, name), fact));
  }
  const cautions = (analysis.cautions ?? []).map((caution) =>
    element('p', {}, l10n.t('Caution: {0}.', caution)),
  );
  return element('header', {}, element('h1', {}, analysis.experiment), list, cautions);
};
