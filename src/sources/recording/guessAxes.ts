import type { Axis } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import type { Placeholder } from './namePattern.ts';

/** What axes are found from. */
interface AxisEvidence {
  /** The shapes of arrays by name, of the first file and of others. */
  readonly shapes: readonly ReadonlyMap<string, readonly number[]>[];
  /** What names say already. */
  readonly named: readonly Placeholder[];
  /** How many samples there are, if labels say so. */
  readonly samples: number | null;
  readonly mask: readonly number[] | undefined;
  readonly path: string;
}

interface FoundAxes {
  readonly axes: readonly Axis[];
  readonly assumed: readonly string[];
}

/**
 * What the axes of arrays are: samples by their number, tokens by a mask or by their number in other samples, dimensions last.
 * @throws Fault (input) for axes that could be several things.
 */
export const guessAxes = (evidence: AxisEvidence): FoundAxes => {
  const { shapes, named, path } = evidence;
  const all = shapes.flatMap((each) => [...each.values()]);
  const [[name, first]] = [...shapes[0]];
  if (all.some(({ length }) => length !== first.length)) {
    const odd = all.find(({ length }) => length !== first.length)!;
    throw inputFault(
      `has arrays with ${first.length} and with ${odd.length} axes`,
      path,
      'Set "arrays" of the layout to those of one kind',
    );
  }
  const found = named.includes('sample')
    ? ofOneSample(first, all, named.includes('layer'))
    : ofSamples(first, all, evidence);
  if (found !== null) return found;
  throw inputFault(
    `has axes of [${first.join(', ')}], which could be several things`,
    `${path}, array ${shown(name)}`,
    `Set "axes" of the layout, such as ${EXAMPLES[first.length] ?? EXAMPLES[3]}`,
  );
};

const EXAMPLES: Readonly<Record<number, string>> = {
  1: '["dimension"]',
  2: '["sample", "dimension"]',
  3: '["sample", "layer", "dimension"] or ["sample", "token", "dimension"]',
  4: '["sample", "layer", "token", "dimension"] or ["sample", "dimension", "token", "token"]',
};

const exactly = (axes: readonly Axis[], ...assumed: string[]): FoundAxes => ({ axes, assumed });

/** The axis whose extent differs between arrays; -1 if none or several do. */
const differing = (all: readonly (readonly number[])[]): number => {
  const [first] = all;
  const axes = first.flatMap((extent, at) => (all.every((shape) => shape[at] === extent) ? [] : [at]));
  return axes.length === 1 ? axes[0] : -1;
};

/** Every array is one sample. */
const ofOneSample = (
  first: readonly number[],
  all: readonly (readonly number[])[],
  layersAreNamed: boolean,
): FoundAxes | null => {
  const varies = differing(all);
  const last = first.length - 1;
  if (first.length === 1) return layersAreNamed || varies < 0 ? exactly(['dimension']) : null;
  // The dimensions are the same for every sample.
  if (varies === last) return null;
  if (first.length === 2) {
    if (layersAreNamed || varies === 0) return exactly(['token', 'dimension']);
    return null;
  }
  if (first.length === 3 && !layersAreNamed && varies >= 0) {
    return exactly(varies === 0 ? ['token', 'layer', 'dimension'] : ['layer', 'token', 'dimension']);
  }
  return first.length === 3 && layersAreNamed ? mapAxes(first, []) : null;
};

/** Positions of a map are two equal extents, before or behind the channels. */
const mapAxes = (shape: readonly number[], before: readonly Axis[]): FoundAxes | null => {
  const [a, b, c] = shape.slice(before.length);
  if (b === c && a !== b) return exactly([...before, 'dimension', 'token', 'token'], MAP_FIRST);
  return a === b && b !== c ? exactly([...before, 'token', 'token', 'dimension'], MAP_LAST) : null;
};

const MAP_FIRST = 'the two equal axes are the positions of a map, behind its channels';
const MAP_LAST = 'the two equal axes are the positions of a map, before its channels';

/** Samples are an axis. */
const ofSamples = (
  first: readonly number[],
  all: readonly (readonly number[])[],
  { named, samples, mask }: AxisEvidence,
): FoundAxes | null => {
  const isLayered = named.includes('layer');
  const isPart = named.includes('chunk') || named.includes('split');
  // Of parts, labels count all of them; those of another length are refused later.
  const known = !isPart && samples !== null && first.includes(samples) ? samples : null;
  const at = sampleAxis(first, known);
  if (at === null) return null;
  if (first.length === 2) {
    if (at === 0) return exactly(['sample', 'dimension']);
    return exactly(
      ['dimension', 'sample'],
      'the samples are the second axis, because there are as many labels',
    );
  }
  const hasMask = mask !== undefined && mask.length === 2;
  if (first.length === 3) {
    if (hasMask) return byMask(first, mask, isLayered);
    if (!isLayered) return null;
    if (at === 2) return null;
    // Without labels, two equal axes leave open which of them are the samples.
    if (known === null && !isPart && all.every(([a, b]) => a === b)) return null;
    const said =
      known === null
        ? 'the samples are the first axis, and the dimensions the last one'
        : 'the dimensions are the last axis';
    return exactly(at === 0 ? ['sample', 'token', 'dimension'] : ['token', 'sample', 'dimension'], said);
  }
  if (first.length === 4 && at === 0) {
    if (isLayered) return mapAxes(first, ['sample']);
    return hasMask ? byMask(first, mask, isLayered) : null;
  }
  return null;
};

/** The axis of the samples: the only one with as many, or the first one; null if two have as many. */
const sampleAxis = (shape: readonly number[], samples: number | null): number | null => {
  if (samples === null) return 0;
  const fitting = shape.flatMap((extent, at) => (extent === samples ? [at] : []));
  return fitting.length === 1 ? fitting[0] : null;
};

/** A mask has the numbers of samples and of tokens: each is that of one axis, and another axis is that of the layers. */
const byMask = (
  shape: readonly number[],
  [samples, tokens]: readonly number[],
  isLayered: boolean,
): FoundAxes | null => {
  const before = shape.slice(0, -1);
  const placesOf = (extent: number): number[] => before.flatMap((own, at) => (own === extent ? [at] : []));
  const [sampleAt, ...otherSamples] = placesOf(samples);
  const [tokenAt, ...otherTokens] = placesOf(tokens);
  if (sampleAt === undefined || tokenAt === undefined || sampleAt === tokenAt) return null;
  const isComplete = before.length === 2 || (before.length === 3 && !isLayered);
  if (otherSamples.length + otherTokens.length > 0 || !isComplete) return null;
  const axes = shape.map((_, at): Axis => (at === sampleAt ? 'sample' : at === tokenAt ? 'token' : 'layer'));
  return exactly([...axes.slice(0, -1), 'dimension']);
};
