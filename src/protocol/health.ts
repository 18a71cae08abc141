import type { EntryCounts, LayerSpectrum, ValueStatistics, WeightLayer } from './checkpoint.ts';

/** An error makes a model useless, a warning is rarely intended, a note may well be. */
export type Severity = 'error' | 'warning' | 'note';

type FindingKind =
  | 'unread'
  | 'nan'
  | 'infinite'
  | 'dead'
  | 'constant'
  | 'rankOne'
  | 'duplicate'
  | 'zeroRows'
  | 'zeroColumns'
  | 'zeros';

/** One thing that is wrong with a tensor, or may be. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** How many values, rows or columns are affected, and out of how many. */
  readonly count: number;
  readonly of: number;
  /** The tensor with the same values, or why the values cannot be read. */
  readonly about?: string;
}

/** Findings about the values of a tensor; sound tensors have none. */
export interface TensorHealth {
  readonly name: string;
  /** The worst of the findings. */
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** The values of a tensor that is not a weight matrix: a vector, or a buffer of real numbers. */
export interface TensorValues {
  readonly name: string;
  /** Null when they cannot be read, for the reason in `problem`. */
  readonly statistics: ValueStatistics | null;
  readonly fingerprint: string;
  readonly problem: string | null;
}

/** The facts about a tensor, or a part of one, that decide its health. */
export interface TensorFacts {
  readonly name: string;
  /** In a vector, zeros and equal values are common; in an embedding, zero rows and a twin are. */
  readonly role: 'matrix' | 'embedding' | 'vector';
  readonly statistics: ValueStatistics | null;
  readonly fingerprint: string;
  readonly entries: EntryCounts | null;
  /** At the precision of the stored type; null when unknown, or when there is only one row or column. */
  readonly rank: number | null;
  readonly problem: string | null;
}

const MOSTLY = 0.5;

export const layerFacts = (
  { name, kind, matrix }: Pick<WeightLayer, 'name' | 'kind' | 'matrix'>,
  { statistics, entries, metrics }: LayerSpectrum,
): TensorFacts => ({
  name,
  role: kind === 'embedding' ? 'embedding' : 'matrix',
  statistics,
  fingerprint: entries.fingerprint,
  entries,
  rank: matrix[0] > 1 && matrix[1] > 1 ? (metrics.numericalRankStored?.value ?? null) : null,
  problem: null,
});

export const valuesFacts = ({ name, statistics, fingerprint, problem }: TensorValues): TensorFacts => ({
  name,
  role: 'vector',
  statistics,
  fingerprint,
  entries: null,
  rank: null,
  problem,
});

const isConstant = ({ count, nan, infinite, min, max }: ValueStatistics): boolean =>
  count > 1 && nan + infinite === 0 && min === max;

const finding = (
  kind: FindingKind,
  severity: Severity,
  count: number,
  of: number,
  about?: string,
): Finding[] =>
  count === 0 ? [] : [{ kind, severity, count, of, ...(about === undefined ? {} : { about }) }];

/**
 * Zero rows and columns of a tensor that is not all zero; if it has none, its zero entries when they are the majority.
 */
const zeroFindings = (
  role: TensorFacts['role'],
  entries: EntryCounts | null,
  { zero, count }: ValueStatistics,
): Finding[] => {
  const rows = role === 'embedding' ? 'note' : 'warning';
  const lines = [
    ...finding('zeroRows', rows, entries?.zeroRows ?? 0, entries?.rows ?? 0),
    ...finding('zeroColumns', 'warning', entries?.zeroColumns ?? 0, entries?.columns ?? 0),
  ];
  return lines.length > 0 ? lines : finding('zeros', 'note', zero >= MOSTLY * count ? zero : 0, count);
};

/** What is kept of a tensor for later ones with the same values. */
type Twin = Pick<TensorFacts, 'name' | 'role'>;

/** Embeddings are tied to other layers on purpose, and nevertheless often stored twice. */
const twinFinding = (role: TensorFacts['role'], twin: Twin, count: number): Finding[] => {
  const severity = role === 'matrix' && twin.role === 'matrix' ? 'warning' : 'note';
  return finding('duplicate', severity, count, count, twin.name);
};

const shapeFindings = (
  { role, statistics, entries, rank }: TensorFacts,
  twin: Twin | undefined,
): Finding[] => {
  if (statistics === null) return [];
  const { count, zero } = statistics;
  const seldom = role === 'vector' ? 'note' : 'warning';
  if (zero === count) return finding('dead', seldom, zero, count);
  if (isConstant(statistics)) return finding('constant', seldom, count, count);
  return [
    ...(rank === 1 ? finding('rankOne', 'warning', 1, 1) : []),
    ...(twin === undefined ? [] : twinFinding(role, twin, count)),
    ...zeroFindings(role, entries, statistics),
  ];
};

/** What is wrong with a tensor; null when nothing is. `twin` is an earlier tensor with the same values. */
export const healthOf = (facts: TensorFacts, twin?: Twin): TensorHealth | null => {
  const { name, statistics, problem } = facts;
  const findings = [
    ...(problem === null ? [] : finding('unread', 'error', 1, 1, problem)),
    ...(statistics === null ? [] : finding('nan', 'error', statistics.nan, statistics.count)),
    ...(statistics === null ? [] : finding('infinite', 'error', statistics.infinite, statistics.count)),
    ...shapeFindings(facts, twin),
  ];
  const severity = (['error', 'warning', 'note'] as const).find((each) =>
    findings.some((one) => one.severity === each),
  );
  return severity === undefined ? null : { name, severity, findings };
};

/** What equal tensors share; null for values so plain that equality means nothing. */
const identityOf = ({ fingerprint, statistics, entries }: TensorFacts): string | null =>
  statistics === null || statistics.count < 2 || statistics.min === null || isConstant(statistics)
    ? null
    : [fingerprint, statistics.count, entries?.rows, entries?.columns].join(' ');

/**
 * Gathers the health of the tensors of one checkpoint, one at a time. It keeps the findings, and of each tensor only
 * what is needed to recognise a later one with the same values.
 */
export class HealthGatherer {
  private readonly known = new Map<string, Twin>();
  private readonly found: TensorHealth[] = [];
  private count = 0;

  add(facts: TensorFacts): void {
    this.count++;
    const health = healthOf(facts, this.twinOf(facts));
    if (health !== null) this.found.push(health);
  }

  /** How many tensors were added. */
  get tensors(): number {
    return this.count;
  }

  /** Those with findings, in order. */
  get findings(): readonly TensorHealth[] {
    return this.found;
  }

  /** The first tensor before this one that has the same shape and values. */
  private twinOf(facts: TensorFacts): Twin | undefined {
    const identity = identityOf(facts);
    if (identity === null) return undefined;
    const { name, role } = facts;
    const twin = this.known.get(identity);
    if (twin === undefined) this.known.set(identity, { name, role });
    return twin?.name === name ? undefined : twin;
  }
}

/** The health of the tensors of one checkpoint that have findings, in order. */
export const healthOfAll = (all: readonly TensorFacts[]): readonly TensorHealth[] => {
  const gatherer = new HealthGatherer();
  for (const facts of all) gatherer.add(facts);
  return gatherer.findings;
};

/** Tensors with an error or a warning. A note alone does not count. */
export const sickOf = (health: readonly TensorHealth[]): TensorHealth[] =>
  health.filter(({ severity }) => severity !== 'note');
