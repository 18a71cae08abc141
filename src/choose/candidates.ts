import {
  type Analysis,
  type Candidate,
  inputFault,
  type LayerAnalysis,
  type Probe,
  runFault,
} from '../protocol/index.ts';

/** Which evidence the choice is based on. */
export interface Question {
  /** Default: the first downstream task. */
  readonly task?: string;
  /** Default: `logistic-standardised`, or the first method that was run. */
  readonly method?: string;
  /** `test` (default) or the name of a shift. */
  readonly on?: string;
}

/** The scored layers in order from the input, and what they are scored on. */
export interface Evidence {
  readonly task: string;
  readonly method: string;
  readonly on: string;
  readonly criterion: 'accuracy' | 'worst-group accuracy';
  readonly scored: readonly Scored[];
  /** Layers whose probe has no score. */
  readonly unscored: readonly string[];
}

export interface Scored extends Candidate {
  /** The group with the lowest accuracy, when that is the criterion. */
  readonly group: string | null;
  /** Upper end of the 95 % interval of the probe on shuffled labels; null when it has none. */
  readonly chance: number | null;
}

/**
 * The evidence for a question. The input is not a layer to keep and the classifier is the training task itself, so
 * neither is a candidate. Throws an input fault for a task, method or test set that the analysis does not have.
 */
export function gatherEvidence(analysis: Analysis, question: Question): Evidence {
  const layers = analysis.layers.filter(({ part }) => part !== 'input' && part !== 'classifier');
  const probes = layers.flatMap((layer) => layer.probes);
  const task = pick(
    'task',
    question.task,
    probes.map((probe) => probe.task),
  );
  const ofTask = probes.filter((probe) => probe.task === task);
  const methods = ofTask.map((probe) => probe.method);
  const usual = methods.find((method) => method === 'logistic-standardised');
  const method = pick('method', question.method ?? usual, methods);
  const chosen = ofTask.filter((probe) => probe.method === method);
  const evaluations = chosen.flatMap((probe) => probe.evaluations);
  if (evaluations.length === 0) throw nothingScored(task, method, chosen);
  const on = pick(
    'test set',
    question.on ?? 'test',
    evaluations.map((evaluation) => evaluation.on),
  );
  const grouped = evaluations.some((evaluation) => evaluation.on === on && evaluation.worstGroup !== null);
  const criterion = grouped ? 'worst-group accuracy' : 'accuracy';
  const rows = layers.map((layer) => ({ layer, scored: score(layer, task, method, on, grouped) }));
  const scored = rows.flatMap((row) => row.scored ?? []);
  if (scored.length === 0) throw nothingScored(task, method, chosen);
  const unscored = rows.filter((row) => row.scored === null).map((row) => row.layer.name);
  return { task, method, on, criterion, scored, unscored };
}

function score(
  layer: LayerAnalysis,
  task: string,
  method: string,
  on: string,
  grouped: boolean,
): Scored | null {
  const probe = layer.probes.find((each) => each.task === task && each.method === method);
  const evaluation = probe?.evaluations.find((each) => each.on === on);
  const worst = evaluation?.worstGroup ?? null;
  const result = grouped ? worst : evaluation;
  if (!result || result.accuracy === null || result.interval === null) return null;
  return {
    layer: layer.name,
    accuracy: result.accuracy,
    interval: result.interval,
    standardError: standardError(result.accuracy, result.samples),
    samples: result.samples,
    group: grouped ? (worst?.group ?? null) : null,
    chance: probe?.shuffledNull.interval?.[1] ?? null,
  };
}

/** Binomial standard error of an accuracy p over n samples: sqrt(p (1 - p) / n); 0 at p = 0 and p = 1. */
const standardError = (accuracy: number, samples: number): number =>
  Math.sqrt((accuracy * (1 - accuracy)) / samples);

/** The requested name, or the first available one. */
function pick(noun: string, wanted: string | undefined, available: readonly string[]): string {
  const known = [...new Set(available)];
  if (known.length === 0) {
    const remedy =
      'Add a downstream task to the experiment (population data takes none) and train it into another folder';
    throw inputFault('the analysis has no probes', '', remedy);
  }
  if (wanted === undefined) return known[0];
  if (known.includes(wanted)) return wanted;
  throw inputFault(`the analysis has no ${noun} "${wanted}"`, '', `Use one of: ${known.join(', ')}`);
}

function nothingScored(task: string, method: string, probes: readonly Probe[]) {
  const why = probes.find(({ note }) => note !== undefined)?.note ?? 'no reason was recorded';
  return runFault(
    `no ${method} probe of the task "${task}" has a score (${why})`,
    '',
    'Inspect the run again with more samples, or choose another task or method',
  );
}
