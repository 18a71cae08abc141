import type { Axis, TokenPooling } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import type { ModelArray } from '../../runtime/index.ts';
import { axisPlan, pooledTokens } from '../recording/tokenPooling.ts';
import { floatsOf } from './arrayInputs.ts';
import type { ModelFile } from './modelFile.ts';
import type { ModelRun } from './modelRuns.ts';
import { tapAxes } from './tapAxes.ts';
import { isConvolved } from './taps.ts';

/** A tapped tensor whose axes are known. */
export interface PlacedTensor {
  readonly tap: string;
  /** Of its elements, as ONNX Runtime calls it. */
  readonly type: string;
  readonly axes: readonly Axis[];
  readonly dimensions: number;
  readonly hasTokens: boolean;
  /** The input that tells its tokens from padding. */
  readonly mask: string | null;
}

/** Runs of a model on a few samples, and on one more; null for a model with a fixed number of them. */
interface Trials {
  readonly samples: number;
  readonly first: ModelRun;
  readonly more: ModelRun | null;
}

/**
 * The tensors with floating-point values for each sample, with the meaning of their axes.
 * @param mask the input that is 0 where a token is padding.
 */
export const placedTensors = (
  { graph, isChannelsLast }: Pick<ModelFile, 'graph' | 'isChannelsLast'>,
  taps: readonly string[],
  { samples, first, more }: Trials,
  mask: string | null,
): PlacedTensor[] =>
  taps.flatMap((tap): PlacedTensor[] => {
    const { shape, type } = first.results[tap];
    if (!type.startsWith('float')) return [];
    const channels = isChannelsLast ? 'last' : isConvolved(graph, tap) ? 'convolved' : null;
    const axes = tapAxes(shape, more?.results[tap].shape ?? null, samples, channels);
    if (axes === null) return [];
    const hasTokens = axes.includes('token');
    const isMasked = mask !== null && hasTokens && masksTokens(first.given[mask], shape, axes);
    return [
      {
        tap,
        type,
        axes,
        dimensions: shape[axes.indexOf('dimension')],
        hasTokens,
        mask: isMasked ? mask : null,
      },
    ];
  });

/** Whether a mask, [samples, tokens], has a value for each token of a tensor. */
const masksTokens = (mask: ModelArray, shape: readonly number[], axes: readonly Axis[]): boolean =>
  mask.shape.length === 2 && mask.shape[1] === axisPlan(shape, axes).tokens.length;

/**
 * One vector for each sample of a run, [samples, dimensions].
 * @param begin the first sample, for faults.
 * @throws Fault (input) for a sample that has nothing but padding.
 */
export const pooledRows = (
  path: string,
  { tap, axes, mask }: PlacedTensor,
  pooling: TokenPooling,
  { given, results }: ModelRun,
  begin: number,
): Float32Array => {
  const plan = axisPlan(results[tap].shape, axes);
  const rows = pooledTokens(
    {
      values: floatsOf(results[tap]),
      plan,
      begin: 0,
      samples: plan.sample.extent,
      mask: mask === null ? null : floatsOf(given[mask]),
    },
    pooling,
  );
  if (typeof rows !== 'number') return rows;
  throw inputFault(
    `has no token at sample ${begin + rows} that is not padding`,
    `${path}, tensor ${shown(tap)}`,
    'Leave the sample out',
  );
};
