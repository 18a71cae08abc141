import type { Analysis, Comparison, LayerAnalysis, Recommendation } from '../protocol/index.ts';
import { meanOutcome, TWO_SIDED } from '../statistics/index.ts';
import { type Evidence, evaluationOn, outcomesOf, probeOf } from './evidence.ts';
import { lossBetween } from './scores.ts';

type Unbeaten = Recommendation['unbeaten'][number];

type Probed = Pick<LayerAnalysis, 'name' | 'probes'>;

/** What keeping a layer costs or gains against others that a user would think of, on the reported samples. */
export const comparisonsOf = (analysis: Analysis, evidence: Evidence, recommended: string): Comparison[] => {
  const { layers } = analysis;
  const evaluated = (layer: Probed) => {
    const evaluation = evaluationOn(probeOf(layer, evidence.task, evidence.method), evidence.on);
    const ranked = outcomesOf(evaluation);
    return ranked && { ranked, byDraw: evaluation?.byDraw ?? null };
  };
  const own = evaluated(layers.find(({ name }) => name === recommended)!);
  if (own === null) return [];
  const compare = (noun: Comparison['with'], layer: Probed | undefined): Comparison[] => {
    if (layer === undefined || (layer.name === recommended && noun !== 'untrained encoder')) return [];
    const other = evaluated(layer);
    if (other === null || other.ranked.length !== own.ranked.length) return [];
    const { value, error } = lossBetween(own, other);
    const accuracy = meanOutcome(other.ranked);
    const interval: [number, number] = [value - TWO_SIDED * error, value + TWO_SIDED * error];
    return [{ with: noun, layer: layer.name, accuracy, gain: value, interval }];
  };
  const kept = layers.filter(({ part }) => part !== 'input' && part !== 'classifier');
  const last = kept.at(-1);
  const untrained = analysis.untrained?.find(({ layer }) => layer === recommended);
  return [
    ...compare(
      'raw input',
      layers.find(({ part }) => part === 'input'),
    ),
    ...compare('untrained encoder', untrained && { name: recommended, probes: untrained.probes }),
    ...compare(
      'pre-projection layer',
      kept.find((layer) => layer.role === 'pre-projection' && layer !== last),
    ),
    ...compare('last layer', last),
  ];
};

/** What the recommended layer does not beat with 95 % confidence. */
export const unbeatenBy = (
  analysis: Analysis,
  evidence: Evidence,
  recommended: string,
  comparisons: readonly Comparison[],
): Unbeaten[] => {
  const probe = probeOf(
    analysis.layers.find(({ name }) => name === recommended)!,
    evidence.task,
    evidence.method,
  );
  const low = evaluationOn(probe, evidence.on)?.interval?.[0] ?? null;
  // Of unequal classes, shuffled labels also teach which one is the most frequent, but not always.
  const chance = Math.max(probe?.shuffledNull.interval?.[1] ?? 0, probe?.majority ?? 0);
  const baselines = comparisons.flatMap(({ with: noun, interval }): Unbeaten[] =>
    (noun === 'raw input' || noun === 'untrained encoder') && interval[0] <= 0 ? [noun] : [],
  );
  return [...(low !== null && chance >= low ? (['chance'] as const) : []), ...baselines];
};
