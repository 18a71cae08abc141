import * as l10n from '@vscode/l10n';
import type { ReportDocument } from '../../src/protocol/messages.ts';
import { element } from '../figures/element.ts';
import { formatCount } from '../series/format.ts';

/** Characters of the data hash that are shown to distinguish data sets; the whole hash is its title. */
const HASH_LENGTH = 12;

/** A name, what it is, and what a tooltip says about it. */
type Fact = [name: string, value: string, title?: string];

/** What was trained or inspected, in one line of facts. */
export const headingSection = ({ subject, analysis }: ReportDocument): HTMLElement => {
  const { samples } = analysis;
  const before =
    subject.kind === 'run' ? trainedFacts(subject.record, analysis) : inspectedFacts(subject.record);
  const time = `${subject.record.created.slice(0, 16).replace('T', ' ')} UTC`;
  const facts: Fact[] = [
    [l10n.t('seed'), String(analysis.seed), l10n.t('The same seed on the same backend gives the same run.')],
    ...before,
    [
      l10n.t('backend'),
      analysis.backend,
      ...(subject.kind === 'run' ? ([subject.record.backend.reason] as const) : ([] as const)),
    ],
    [l10n.t('train samples'), formatCount(samples.train)],
    [l10n.t('test samples'), formatCount(samples.test)],
    ...(subject.kind === 'run'
      ? [[l10n.t('parameters'), formatCount(subject.record.parameters)] satisfies Fact]
      : []),
    [l10n.t('data hash'), analysis.dataHash.slice(0, HASH_LENGTH), analysis.dataHash],
    [subject.kind === 'run' ? l10n.t('trained') : l10n.t('inspected'), time],
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

type RecordOf<Kind> = Extract<ReportDocument['subject'], { kind: Kind }>['record'];

const trainedFacts = (
  { totalSteps }: RecordOf<'run'>,
  { epoch, step }: ReportDocument['analysis'],
): Fact[] => [
  [
    l10n.t('epoch'),
    formatCount(epoch),
    l10n.t('step {0} of {1}', formatCount(step), formatCount(totalSteps)),
  ],
];

/** The files that the inspection names, as it names them. */
const inspectedFacts = ({ inspection }: RecordOf<'inspection'>): Fact[] => {
  const { recording, model, data } = inspection as {
    recording?: string;
    model?: string;
    data?: { path?: string };
  };
  return [
    ...(recording === undefined ? [] : [[l10n.t('recording'), recording] satisfies Fact]),
    ...(model === undefined ? [] : [[l10n.t('model'), model] satisfies Fact]),
    ...(data?.path === undefined ? [] : [[l10n.t('data'), data.path] satisfies Fact]),
  ];
};
