import { EXPERIMENT_LIMIT, type LiveTraining, type RunRecord } from '../../src/protocol/messages.ts';

/** What the actions need to know about a run. */
export interface ActionRun {
  readonly uri: { toString(): string };
  readonly record: Pick<RunRecord, 'name'> | null;
  readonly states: readonly string[];
  readonly analysed: readonly string[];
}

/** What can be done with an experiment now. */
export type ExperimentAction<Run> =
  | { readonly kind: 'train' }
  | { readonly kind: 'training'; readonly name: string; readonly percent: number; readonly paused: boolean }
  | { readonly kind: 'inspect' | 'results'; readonly run: Run };

/**
 * The name of an experiment; while its text is incomplete, the first "name" in it. Undefined if there is none, or
 * the text is too large for an experiment.
 */
export const experimentName = (text: string): string | undefined => {
  if (text.length > EXPERIMENT_LIMIT) return undefined;
  try {
    const { name } = (JSON.parse(text) ?? {}) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return /"name"\s*:\s*"([^"\\\r\n]*)"/.exec(text)?.[1];
  }
};

/** Whole percent of the steps done; 0 before their number is known. */
export const percentDone = ({ step, totalSteps }: Pick<LiveTraining, 'step' | 'totalSteps'>): number =>
  totalSteps === 0 ? 0 : Math.floor((100 * step) / totalSteps);

/**
 * The actions on an experiment, in the order in which they are offered. `runs` are those of the workspace,
 * newest first; `training` is the training in progress, of any experiment: there is only one at a time.
 */
export const experimentActions = <Run extends ActionRun>(
  name: string | undefined,
  runs: readonly Run[],
  training: LiveTraining | null,
  trusted: boolean,
): ExperimentAction<Run>[] => {
  const own = name === undefined ? [] : runs.filter(({ record }) => record?.name === name);
  const inspected = own.find(({ uri, states }) => states.length > 0 && uri.toString() !== training?.run);
  const analysed = own.find((run) => run.analysed.length > 0);
  const actions: ExperimentAction<Run>[] = [];
  if (training !== null) {
    const paused = training.state === 'paused';
    actions.push({ kind: 'training', name: training.name, percent: percentDone(training), paused });
  } else if (trusted) actions.push({ kind: 'train' });
  if (inspected !== undefined) actions.push({ kind: 'inspect', run: inspected });
  if (analysed !== undefined) actions.push({ kind: 'results', run: analysed });
  return actions;
};
