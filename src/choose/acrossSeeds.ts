import { inputFault, type Recommendation } from '../protocol/index.ts';

/** A recommendation for one of several runs that differ in their seeds. */
export interface SeededRecommendation {
  readonly folder: string;
  readonly seed: number;
  readonly recommendation: Recommendation;
}

/** How a layer does over the runs. */
interface LayerOverSeeds {
  readonly layer: string;
  /** Runs that recommend it, and runs in which it cannot be told apart from the best layer. */
  readonly recommended: number;
  readonly near: number;
  /** Mean over the runs of what layers are ranked by, and of what is reported. */
  readonly accuracy: number;
  readonly reported: number | null;
}

export interface OverSeeds {
  readonly task: string;
  readonly method: Recommendation['method'];
  readonly criterion: Recommendation['criterion'];
  readonly seeds: readonly number[];
  /** The most often recommended first; then by their mean. */
  readonly layers: readonly LayerOverSeeds[];
}

/**
 * How often each layer is recommended over runs of different seeds: another training moves the choice more than other samples
 * do.
 * @throws Fault (input) for runs whose candidates are different layers.
 */
export const recommendationsOverSeeds = (runs: readonly SeededRecommendation[]): OverSeeds => {
  const [first] = runs;
  const { task, method, criterion, ranking } = first.recommendation;
  const names = (run: SeededRecommendation): string =>
    run.recommendation.ranking
      .map(({ layer }) => layer)
      .sort()
      .join('\n');
  for (const run of runs) {
    if (names(run) === names(first)) continue;
    throw inputFault(
      `ranks other layers than ${first.folder}`,
      run.folder,
      'Give runs of one experiment that differ in their seeds',
    );
  }
  const layers = ranking.map(({ layer }): LayerOverSeeds => {
    const own = runs.map(
      ({ recommendation }) => recommendation.ranking.find((each) => each.layer === layer)!,
    );
    const reported = own.flatMap((each) => (each.reported === null ? [] : [each.reported.accuracy]));
    return {
      layer,
      recommended: runs.filter(({ recommendation }) => recommendation.recommended.layer === layer).length,
      near: own.filter(({ near }) => near).length,
      accuracy: meanOf(own.map(({ accuracy }) => accuracy)),
      reported: reported.length < own.length ? null : meanOf(reported),
    };
  });
  return {
    task,
    method,
    criterion,
    seeds: runs.map(({ seed }) => seed),
    layers: layers.sort((a, b) => b.recommended - a.recommended || b.accuracy - a.accuracy),
  };
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
