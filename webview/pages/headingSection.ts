import type { ReportDocument } from '../../src/protocol/index.ts';
import { element } from '../figures/element.ts';
import { formatCount } from '../series/format.ts';

/** Characters of the data hash that tell data sets apart by eye; the whole hash is its title. */
const HASH_LENGTH = 12;

/** What was trained and analysed, in one line of facts. */
export const headingSection = ({ run, analysis }: ReportDocument): HTMLElement => {
  const { samples } = analysis;
  const facts: [string, string, string?][] = [
    ['seed', String(analysis.seed), 'The same seed on the same backend gives the same run.'],
    [
      'epoch',
      formatCount(analysis.epoch),
      `step ${formatCount(analysis.step)} of ${formatCount(run.totalSteps)}`,
    ],
    ['backend', analysis.backend, run.backend.reason],
    ['train samples', formatCount(samples.train)],
    ['test samples', formatCount(samples.test)],
    ['parameters', formatCount(run.parameters)],
    ['data hash', analysis.dataHash.slice(0, HASH_LENGTH), analysis.dataHash],
    ['trained', `${run.created.slice(0, 16).replace('T', ' ')} UTC`],
  ];
  const list = element('dl', { class: 'facts' });
  for (const [name, value, title] of facts) {
    const fact = element('dd', title ? { title } : {}, value);
    list.append(element('div', {}, element('dt', {}, name), fact));
  }
  return element('header', {}, element('h1', {}, analysis.experiment), list);
};
