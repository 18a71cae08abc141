import { dot } from '../../spectrum/index.ts';

export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** A smooth function to minimise, with its gradient. */
export type Objective = (point: Float64Array) => Promise<Evaluated>;

export interface LbfgsOptions {
  /** Stop when the gradient is no longer than this, for the value of the function there. */
  readonly gradientTolerance: number | ((value: number) => number);
  readonly maxIterations: number;
  readonly signal?: AbortSignal;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly iterations: number;
  /** False when the iterations ran out before the gradient was small. */
  readonly converged: boolean;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** Pairs of steps and gradient changes that are remembered. */
const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const MAX_BACKTRACKS = 30;

const lengthOf = (a: Float64Array): number => Math.sqrt(dot(a, a));

const along = (point: Float64Array, direction: Float64Array, length: number): Float64Array => {
  const next = new Float64Array(point.length);
  for (let i = 0; i < next.length; i++) next[i] = point[i] + length * direction[i];
  return next;
};

/** -H g by the two-loop recursion (Nocedal 1980), H_0 = gamma I with gamma = s.y / y.y of the newest pair. */
const descentDirection = (gradient: Float64Array, pairs: readonly Pair[]): Float64Array => {
  const result = new Float64Array(gradient.length);
  for (let i = 0; i < result.length; i++) result[i] = -gradient[i];
  const weights = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, curvature } = pairs[k];
    weights[k] = dot(step, result) / curvature;
    for (let i = 0; i < result.length; i++) result[i] -= weights[k] * change[i];
  }
  const newest = pairs.at(-1);
  if (newest !== undefined) {
    const gamma = newest.curvature / dot(newest.change, newest.change);
    for (let i = 0; i < result.length; i++) result[i] *= gamma;
  }
  for (let k = 0; k < pairs.length; k++) {
    const { step, change, curvature } = pairs[k];
    const excess = weights[k] - dot(change, result) / curvature;
    for (let i = 0; i < result.length; i++) result[i] += excess * step[i];
  }
  return result;
};

/** Skips a pair without positive curvature, which would make the inverse Hessian indefinite. */
const remember = (pairs: Pair[], step: Float64Array, change: Float64Array): void => {
  const curvature = dot(step, change);
  if (curvature > Number.EPSILON * dot(change, change)) pairs.push({ step, change, curvature });
  if (pairs.length > MEMORY) pairs.shift();
};

/** Armijo backtracking by quadratic interpolation; null when no step decreases the value by enough. */
const search = async (
  objective: Objective,
  point: Float64Array,
  from: Evaluated,
  direction: Float64Array,
  slope: number,
): Promise<{ point: Float64Array; at: Evaluated } | null> => {
  let length = 1;
  for (let attempt = 0; attempt < MAX_BACKTRACKS; attempt++) {
    const next = along(point, direction, length);
    const at = await objective(next);
    if (at.value <= from.value + SUFFICIENT_DECREASE * length * slope) return { point: next, at };
    const parabola = (-slope * length * length) / (2 * (at.value - from.value - slope * length));
    const interpolated = Number.isFinite(parabola) ? parabola : 0;
    length = Math.min(0.5 * length, Math.max(0.1 * length, interpolated));
  }
  return null;
};

/**
 * Limited-memory BFGS: to the minimum of a convex function, and of any other to a point where the gradient is small. A
 * line search that finds no decrease means that the precision of `objective` is exhausted: that is convergence, not a
 * failure.
 */
export const minimise = async (
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions,
): Promise<Minimum> => {
  const { gradientTolerance, maxIterations, signal } = options;
  const isSmall = ({ value, gradient }: Evaluated): boolean =>
    lengthOf(gradient) <=
    (typeof gradientTolerance === 'number' ? gradientTolerance : gradientTolerance(value));
  const pairs: Pair[] = [];
  let point = start;
  let here = await objective(point);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    signal?.throwIfAborted();
    if (isSmall(here)) {
      return { point, iterations: iteration, converged: true };
    }
    const direction = descentDirection(here.gradient, pairs);
    const slope = dot(direction, here.gradient);
    const found = slope < 0 ? await search(objective, point, here, direction, slope) : null;
    if (found === null) {
      if (pairs.length === 0) return { point, iterations: iteration, converged: true };
      // Outdated memory can give a bad direction: try once more along the gradient.
      pairs.length = 0;
      continue;
    }
    remember(pairs, along(found.point, point, -1), along(found.at.gradient, here.gradient, -1));
    point = found.point;
    here = found.at;
  }
  return { point, iterations: maxIterations, converged: isSmall(here) };
};
