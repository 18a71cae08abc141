import { commands, l10n } from 'vscode';
import { withSelection } from '../../src/protocol/index.ts';
import {
  type Analysis,
  type Candidate,
  formatCount,
  formatNumber,
  formatPercent,
  inputFault,
  type Recommendation,
  type Selection,
} from '../../src/protocol/messages.ts';
import { at, writeWhole } from '../runs/files.ts';
import { readAnalysis, readSelections } from '../runs/readRun.ts';
import { type RunEntry, subjectOf } from '../runs/runLibrary.ts';
import { unbeatenWords } from '../runs/unbeatenWords.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { type Choice, ChoiceList, pickFrom } from '../shown/quickPick.ts';
import { completeStep } from '../tour.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';
import { refuseUntrusted } from './trust.ts';

/** Answers provided by a panel, the tree, a task or another extension. */
export interface LayerQuestion {
  readonly run?: string;
  readonly task?: string;
  /** The layer to select; if null or absent, the user is asked. */
  readonly layer?: string | null;
  /** Select `layer` without asking. */
  readonly confirmed?: boolean;
}

interface LayerItem extends Choice {
  readonly layer: string;
}

export const tasksOf = ({ layers }: Analysis): string[] => [
  ...new Set(layers.flatMap(({ probes }) => probes.map(({ task }) => task))),
];

/** The task that is asked for, the only one, or one that the user picks. */
export const chooseTask = async (
  analysis: Analysis,
  asked: string | undefined,
  placeHolder = l10n.t('Choose the downstream task for the layer'),
): Promise<string | undefined> => {
  const tasks = tasksOf(analysis);
  if (asked !== undefined && tasks.includes(asked)) return asked;
  if (tasks.length <= 1) return tasks[0];
  const choices = tasks.map((label) => ({ label }));
  return (await pickFrom(choices, { placeHolder }))?.label;
};

const standingOf = ({ verdict, unbeaten }: Recommendation): string => {
  if (unbeaten.length > 0) return l10n.t('highest, but does not beat {0}', unbeatenWords(unbeaten));
  return verdict === 'clear' ? l10n.t('recommended') : l10n.t('highest, no clear winner');
};

/** The evidence for one layer in two lines. */
const itemOf = (candidate: Candidate, recommendation: Recommendation, analysis: Analysis): LayerItem => {
  const { layer, accuracy, interval, samples, near, reported } = candidate;
  const facts = analysis.layers.find(({ name }) => name === layer);
  const rank = facts?.measures.effectiveRank?.value;
  const recommended = recommendation.recommended.layer === layer;
  return {
    layer,
    icon: recommended ? 'star-full' : 'layers',
    label: layer,
    description: l10n.t(
      '{0} ({1} to {2})',
      formatPercent(accuracy),
      formatPercent(interval[0]),
      formatPercent(interval[1]),
    ),
    detail: [
      ...(recommended ? [standingOf(recommendation)] : near ? [l10n.t('cannot be told apart')] : []),
      ...(reported === null
        ? []
        : [l10n.t('{0} on {1}', formatPercent(reported.accuracy), recommendation.on)]),
      l10n.t('{0} samples', formatCount(samples)),
      ...(facts ? [facts.role, l10n.t('{0} dims', formatCount(facts.dimensions))] : []),
      ...(rank == null ? [] : [l10n.t('eff. rank {0}', formatNumber(rank, 3))]),
    ].join(' · '),
  };
};

/** Layers of an analysis without probes, by what is known about them without labels. */
const unrankedItems = (analysis: Analysis): LayerItem[] =>
  analysis.layers
    .filter(({ part }) => part !== 'input' && part !== 'classifier')
    .map(({ name, role, dimensions, measures }) => {
      const rank = measures.effectiveRank?.value;
      return {
        layer: name,
        icon: 'layers',
        label: name,
        description: role,
        detail: [
          l10n.t('{0} dims', formatCount(dimensions)),
          ...(rank == null ? [] : [l10n.t('eff. rank {0}', formatNumber(rank, 3))]),
        ].join(' · '),
      };
    });

const askLayer = async (
  items: readonly LayerItem[],
  reason: string,
  preferred: string | null,
): Promise<string | undefined> => {
  const list = new ChoiceList<LayerItem>({
    title: l10n.t('Choose Layer for Downstream Task'),
    placeHolder: reason,
    matchOnDetail: true,
  });
  list.show(items, ({ layer }) => layer === preferred);
  try {
    return (await list.ask())?.layer;
  } finally {
    list.dispose();
  }
};

/** One line that fits the input box; the report and the Probes panel give the whole reason. */
const verdictOf = ({
  verdict,
  criterion,
  task,
  recommended: { layer },
  unbeaten,
}: Recommendation): string => {
  if (unbeaten.length > 0) {
    return l10n.t(
      'Ranked by {0} on {1}: {2} is highest, but does not beat {3}',
      criterion,
      task,
      layer,
      unbeatenWords(unbeaten),
    );
  }
  return verdict === 'clear'
    ? l10n.t('Ranked by {0} on {1}: {2} is recommended', criterion, task, layer)
    : l10n.t('Ranked by {0} on {1}: no clear winner; {2} is highest', criterion, task, layer);
};

const rankedItems = async (
  { engine }: Services,
  run: RunEntry,
  analysis: Analysis,
  task: string | undefined,
): Promise<{ items: LayerItem[]; reason: string; recommended: string | null }> => {
  if (task === undefined) {
    const reason = l10n.t('No downstream task was probed, so these layers are not ranked');
    return { items: unrankedItems(analysis), reason, recommended: null };
  }
  if (analysis.version === 1) {
    const reason = l10n.t('An earlier version inspected this run: inspect it again to rank its layers');
    return { items: unrankedItems(analysis), reason, recommended: null };
  }
  const answer = await engine.run('recommend', { folder: run.uri.fsPath, state: 'last', task });
  return {
    items: answer.ranking.map((candidate) => itemOf(candidate, answer, analysis)),
    reason: verdictOf(answer),
    recommended: answer.recommended.layer,
  };
};

const questionOf = (argument: RunArgument | LayerQuestion): LayerQuestion => {
  if (argument === undefined || argument === null || !('layer' in argument)) {
    return (argument as LayerQuestion | undefined) ?? {};
  }
  return argument as LayerQuestion;
};

/**
 * Choose Layer for Downstream Task: a ranked list with the evidence on each line. The picked layer is written to the
 * run (`selection.json`), in place of the one for the same task, and its name returned, so that tasks (`${command:pentimento.chooseLayer}`) can use it.
 */
export const chooseLayer =
  (services: Services) =>
  async (argument?: RunArgument | LayerQuestion): Promise<string | undefined> => {
    // The caller may be the command, another command, or another extension.
    refuseUntrusted();
    const run = await chooseRun(services, argument as RunArgument, ({ analysed }) =>
      analysed.includes('last'),
    );
    if (run === undefined) return undefined;
    const question = questionOf(argument);
    const analysis = await readAnalysis(run.uri, 'last');
    const task = await chooseTask(analysis, question.task);
    if (task === undefined && tasksOf(analysis).length > 0) return undefined;
    const { items, reason, recommended } = await rankedItems(services, run, analysis, task);
    const wanted = question.layer ?? null;
    if (question.confirmed === true && !items.some(({ layer }) => layer === wanted)) {
      throw inputFault(
        `has no layer '${wanted}' to choose`,
        run.name,
        `Use one of: ${items.map(({ layer }) => layer).join(', ')}`,
      );
    }
    const layer = question.confirmed === true ? wanted : await askLayer(items, reason, wanted ?? recommended);
    if (layer === undefined || layer === null) return undefined;
    const selection: Selection = { layer, task: task ?? null, chosenAt: new Date().toISOString() };
    // What is on disk now: another window may have chosen for another task.
    const selections = withSelection({ selections: [...(await readSelections(run.uri))] }, selection);
    await writeWhole(at(run.uri, 'selection.json'), `${JSON.stringify(selections, null, 2)}\n`);
    completeStep('choose');
    services.runs.refresh();
    services.highlight.set(layer);
    if (question.confirmed !== true) void offerHandOver(run, selection);
    return layer;
  };

const offerHandOver = async (run: RunEntry, { layer, task }: Selection): Promise<void> => {
  const [onnx, embeddings, code] = [
    l10n.t('Export ONNX…'),
    l10n.t('Export Embeddings…'),
    l10n.t('Copy Code'),
  ];
  const said =
    task === null
      ? l10n.t('{0} is selected in {1}.', layer, run.name)
      : l10n.t('{0} is selected in {1} for {2}.', layer, run.name, task);
  // A recording has no model.
  const answer = await (subjectOf(run) === 'recording'
    ? showInformation(said, embeddings)
    : showInformation(said, onnx, embeddings, code));
  const argument = { run: run.uri.toString(), layer };
  if (answer === onnx) await commands.executeCommand('pentimento.exportLayer', argument);
  if (answer === embeddings) await commands.executeCommand('pentimento.exportEmbeddings', argument);
  if (answer === code) await commands.executeCommand('pentimento.copyLayerCode', argument);
};
