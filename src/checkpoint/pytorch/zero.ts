import type { TensorEntry } from '../checkpoint.ts';
import type { PickleValue } from '../pickle/value.ts';

/** What DeepSpeed writes beside its tensors: metadata of a model's file, and of the optimiser's. */
const MODEL = ['ds_version', 'ds_config', 'param_shapes'];
const OPTIMISER = 'optimizer_state_dict';
const FLAT = /(?:^|\.)(?:fp32_flat_groups|single_partition_of_fp32_groups|fp32_groups_flat)(?:\.|$)/;

const JOIN = 'zero_to_fp32.py, which DeepSpeed puts beside them, joins them';

/** Whether a pickled object is a file of a DeepSpeed checkpoint. */
export const isZeroFile = (value: PickleValue): boolean =>
  value instanceof Map && (MODEL.some((key) => value.has(key)) || value.has(OPTIMISER));

/**
 * The tensor under DeepSpeed's ZeRO: one that is empty in the model's file has its values in parts in the optimiser's
 * files, where a flat group is such a part, of many tensors.
 */
export const withZero = (entry: TensorEntry, isZero: boolean): TensorEntry => {
  if (!isZero) return entry;
  if (FLAT.test(entry.name)) {
    const belongsTo = `is a part of many weights of a model that DeepSpeed ZeRO divided: ${JOIN}`;
    const { optimiser: _, ...tensor } = entry;
    return { ...tensor, belongsTo };
  }
  const isEmpty = entry.shape.length === 1 && entry.shape[0] === 0;
  if (!isEmpty || entry.optimiser) return entry;
  return {
    ...entry,
    unreadable: `is empty: DeepSpeed ZeRO-3 keeps its values in parts, *_optim_states.pt; ${JOIN}`,
  };
};
