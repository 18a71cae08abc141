import { type Command, l10n, ThemeColor, ThemeIcon, type TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { InspectionRecord } from '../../src/protocol/index.ts';
import {
  type Analysis,
  formatCount,
  formatNumber,
  formatPercent,
  isUsual,
  type LayerAnalysis,
  type Probe,
  type Recommendation,
  type Selection,
} from '../../src/protocol/messages.ts';
import { isUnfinished, type RunEntry, type Subject } from '../runs/runLibrary.ts';
import { stateLabel } from '../runs/stateLabel.ts';
import { unbeatenWords } from '../runs/unbeatenWords.ts';
import { treeItem } from '../shown/treeItem.ts';

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

/** A selection of a run: the layer and its task. */
export const selectedWords = ({ layer, task }: Selection): string =>
  task === null ? `✓ ${layer}` : l10n.t('✓ {0} for {1}', layer, task);

const damagedItem = (run: RunEntry): TreeItem => {
  const problem = run.fault?.message ?? '';
  return treeItem({
    id: run.uri.toString(),
    label: run.name,
    description: l10n.t('cannot be read'),
    tooltip: [problem],
    icon: new ThemeIcon('error', new ThemeColor('errorForeground')),
    context: 'run.damaged',
    command: { command: 'pentimento.showFault', title: l10n.t('Show Problem'), arguments: [problem] },
  });
};

/** The results of an inspection: what was inspected, and the selected layer. */
const inspectionItem = (
  run: RunEntry,
  { created, inspection }: InspectionRecord,
  first: boolean,
): TreeItem => {
  const { recording, model } = inspection as { recording?: string; model?: string };
  const subject = model ?? recording ?? '';
  return treeItem({
    id: run.uri.toString(),
    label: run.name,
    description: [subject, ...new Set(run.selections.map(({ layer }) => `✓ ${layer}`))].join(' · '),
    tooltip: [
      model === undefined
        ? l10n.t('Inspection of the recording {0}', subject)
        : l10n.t('Inspection of the model {0}', subject),
      l10n.t('Inspected {0}', created.slice(0, 16).replace('T', ' ')),
      ...run.selections.map(selectedWords),
    ],
    state: run.analysed.length === 0 ? None : first ? Expanded : Collapsed,
    icon: new ThemeIcon('search'),
    context: run.analysed.length > 0 ? 'inspection.analysed' : 'inspection.raw',
  });
};

/** A run: its training progress, and its selected layer. `training`: it is being trained now. */
export const runItem = (run: RunEntry, first: boolean, training: boolean): TreeItem => {
  if (run.inspection !== null) return inspectionItem(run, run.inspection, first);
  if (run.record === null) return damagedItem(run);
  const { record, lastMetric, selections, analysed } = run;
  const epochs = Math.round(record.totalSteps / record.stepsPerEpoch);
  const done = lastMetric === null ? 0 : Math.floor(lastMetric.step / record.stepsPerEpoch);
  const unfinished = isUnfinished(run);
  // In this window, in another one or in a terminal.
  const runs = training || run.trainedBy !== null;
  const isEmpty = unfinished && run.states.length === 0;
  const stage = runs ? 'running' : isEmpty ? 'empty' : unfinished ? 'unfinished' : 'finished';
  const progress = unfinished ? l10n.t('epoch {0} of {1}', done, epochs) : l10n.t('{0} epochs', epochs);
  return treeItem({
    id: run.uri.toString(),
    label: run.name,
    description: [
      progress,
      ...new Set(selections.map(({ layer }) => `✓ ${layer}`)),
      ...(run.note === '' ? [] : [run.note]),
    ].join(' · '),
    tooltip: [
      ...(run.note === '' ? [] : [run.note]),
      record.name,
      l10n.t('Trained {0}, seed {1}', record.created.slice(0, 16).replace('T', ' '), record.seed),
      l10n.t('{0} parameters, {1} layers', formatCount(record.parameters), record.layers.length),
      ...(lastMetric === null
        ? []
        : [l10n.t('Loss {0} at step {1}', formatNumber(lastMetric.loss), formatCount(lastMetric.step))]),
      ...selections.map(selectedWords),
    ],
    state: first ? Expanded : Collapsed,
    icon: new ThemeIcon(runs ? 'sync~spin' : unfinished ? 'debug-pause' : 'beaker'),
    context: ['run', stage, analysed.length > 0 ? 'analysed' : 'raw'].join('.'),
  });
};

export const stateItem = (run: RunEntry, state: string): TreeItem => {
  const analysed = run.analysed.includes(state);
  return treeItem({
    id: `${run.uri.toString()}#${state}`,
    label: stateLabel(state),
    description: analysed ? '' : l10n.t('not inspected'),
    state: analysed ? (state === 'last' ? Expanded : Collapsed) : None,
    icon: new ThemeIcon('save'),
    context: analysed ? 'state.analysed' : 'state.raw',
  });
};

const ROLES: Record<LayerAnalysis['role'], () => string> = {
  input: () => l10n.t('input'),
  inner: () => l10n.t('inner'),
  'pre-projection': () => l10n.t('pre-projection'),
  'post-projection': () => l10n.t('post-projection'),
  classifier: () => l10n.t('classifier'),
};

export interface LayerStanding {
  readonly analysis: Analysis;
  readonly recommendations: readonly Recommendation[];
  readonly selections: readonly Selection[];
  /** What decides whether it can be handed over. */
  readonly subject: Subject;
}

/** Probe accuracies, with those of the tasks that the layer is recommended for right after its star. */
const accuracies = (
  layer: LayerAnalysis,
  analysis: Analysis,
  recommendedFor: readonly string[],
): string[] => {
  const probes = layer.probes.filter(({ method }) => isUsual(analysis, method));
  const isFirst = ({ task }: Probe): boolean => recommendedFor.includes(task);
  return [...probes.filter(isFirst), ...probes.filter((probe) => !isFirst(probe))].flatMap(
    ({ task, score, evaluations }) => {
      const accuracy = evaluations.find(({ on }) => on === 'test')?.accuracy;
      if (accuracy == null) return [];
      return [`${task} ${score === 'R²' ? 'R² ' : ''}${formatPercent(accuracy)}`];
    },
  );
};

const layerIcon = (recommended: boolean, selected: boolean): ThemeIcon => {
  if (selected) return new ThemeIcon('check', new ThemeColor('charts.green'));
  return recommended ? new ThemeIcon('star-full', new ThemeColor('charts.yellow')) : new ThemeIcon('layers');
};

const adviceOf = ({ task, verdict, unbeaten }: Recommendation): string => {
  if (unbeaten.length > 0) {
    return l10n.t('Highest for {0}, but does not beat {1}', task, unbeatenWords(unbeaten));
  }
  return verdict === 'clear'
    ? l10n.t('Recommended for {0}', task)
    : l10n.t('Highest for {0}, no clear winner', task);
};

/** A layer: role, dimensions, effective rank and probe accuracies; a star if recommended, a check if selected. */
export const layerItem = (
  { id, label }: { readonly id: string; readonly label: string },
  layer: LayerAnalysis,
  standing: LayerStanding,
  command: Command,
): TreeItem => {
  const { analysis, recommendations, selections } = standing;
  const recommended = recommendations.filter((each) => each.recommended.layer === layer.name);
  const tasks = recommended.map(({ task }) => task);
  const selected = selections.filter((selection) => selection.layer === layer.name);
  const marks = `${selected.length > 0 ? ' ✓' : ''}${tasks.length > 0 ? ' ★' : ''}`;
  const rank = layer.measures.effectiveRank?.value;
  // A side panel has room for the first two or three.
  const facts = [
    ...accuracies(layer, analysis, tasks),
    l10n.t('{0} dims', formatCount(layer.dimensions)),
    ...(rank == null ? [] : [l10n.t('eff. rank {0}', formatNumber(rank, 3))]),
    ROLES[layer.role](),
  ];
  const lines = [
    `${layer.name}: ${facts.join(', ')}`,
    l10n.t('Measured on {0} samples', formatCount(layer.samples)),
    ...recommended.map(adviceOf),
    ...selected.map(({ task }) => (task === null ? l10n.t('Selected') : l10n.t('Selected for {0}', task))),
  ];
  return treeItem({
    id,
    label: `${label}${marks}`,
    description: facts.join(' · '),
    tooltip: lines,
    spoken: true,
    icon: layerIcon(tasks.length > 0, selected.length > 0),
    context: standing.subject === 'run' ? 'layer' : `layer.${standing.subject}`,
    command,
  });
};
