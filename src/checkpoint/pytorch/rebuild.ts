import { inputFault, shown } from '../../protocol/index.ts';
import { PickleGlobal, PickleObject, PickleReference, type PickleValue } from '../pickle/value.ts';
import { type PytorchReferences, type RebuildContext, shapeOnly, viewOf } from './claims.ts';
import { integerOf, quantiserOf } from './quantiser.ts';
import { dtypeOf, type PytorchType } from './types.ts';
import type { PytorchView } from './view.ts';

/** Nesting of wrappers (a parameter of a subclass of a parameter of ...): real ones are not deeper. */
const MAX_WRAPPERS = 16;
const REMEDY = 'The file is damaged: fetch or save it again';

type Rebuild = (args: readonly PickleValue[], context: RebuildContext) => PytorchView | null;

const needType = (value: PickleValue | undefined, where: string): PytorchType => {
  const type = dtypeOf(value);
  if (type !== undefined) return type;
  const named = value instanceof PickleGlobal ? shown(value.path) : 'something else';
  throw inputFault(`has a tensor whose type is ${named}, which is not known here`, where, REMEDY);
};

const typeOfStorage = (
  reference: PickleValue | undefined,
  { references }: RebuildContext,
): PytorchType | undefined =>
  reference instanceof PickleReference ? references.storage(reference).type : undefined;

const inner: Rebuild = ([data], context) =>
  rebuildTensor(data, context.references, context.where, context.depth + 1);

const fromType: Rebuild = ([rebuild, , args], { references, where, depth }) =>
  Array.isArray(args) ? rebuildTensor(new PickleObject(rebuild, args), references, where, depth + 1) : null;

/** Coordinates, values and shape; compressed layouts have one more list of coordinates. */
const sparse: Rebuild = ([, data], context) => {
  const parts = Array.isArray(data) ? data : [];
  const size = parts.length > 3 && Array.isArray(parts[3]) ? parts[3] : parts[2];
  const value = parts.length > 3 && Array.isArray(parts[3]) ? parts[2] : parts[1];
  const values = rebuildTensor(value, context.references, context.where, context.depth + 1);
  return shapeOnly(size, values?.dtype ?? undefined, 'is sparse, which is not read here', context);
};

const shapeOfArray = (data: PickleValue | undefined): PickleValue | undefined =>
  data instanceof PickleObject && Array.isArray(data.state) ? data.state[1] : undefined;

const fromNumpy: Rebuild = ([data, dtype], context) =>
  shapeOnly(shapeOfArray(data), dtypeOf(dtype), 'is kept as a NumPy array for another device', context);

/** Integers with a scale and a zero, as PyTorch's own quantisation stores them. */
const quantised: Rebuild = (args, context) => {
  const { references, where, depth } = context;
  const { unreadable: _, ...view } = viewOf(args, undefined, null, context);
  const rebuild = (value: PickleValue | undefined) => rebuildTensor(value, references, where, depth + 1);
  const quantiser = quantiserOf(args[4], view.shape, rebuild);
  if (quantiser !== null && integerOf(view) !== undefined) return { ...view, quantiser };
  const type = typeOfStorage(args[0], context);
  return shapeOnly(args[2], type, 'is quantised in a way that is not read here', context);
};

const REBUILDS = new Map<string, Rebuild>([
  ['_rebuild_tensor', (args, context) => viewOf(args, undefined, null, context)],
  ['_rebuild_tensor_v2', (args, context) => viewOf(args, undefined, args[6] ?? null, context)],
  [
    '_rebuild_tensor_v3',
    (args, context) => viewOf(args, needType(args[6], context.where), args[7] ?? null, context),
  ],
  ['_rebuild_parameter', inner],
  ['_rebuild_parameter_with_state', inner],
  ['_rebuild_device_tensor_from_cpu_tensor', inner],
  ['_rebuild_from_type', fromType],
  ['_rebuild_from_type_v2', fromType],
  ['_rebuild_qtensor', quantised],
  ['_rebuild_sparse_tensor', sparse],
  ['_rebuild_sparse_csr_tensor', sparse],
  [
    '_rebuild_meta_tensor_no_storage',
    ([dtype, size], context) => shapeOnly(size, dtypeOf(dtype), 'was saved without its values', context),
  ],
  [
    '_rebuild_wrapper_subclass',
    ([, dtype, size], context) =>
      shapeOnly(size, dtypeOf(dtype), 'is a wrapper around other tensors', context),
  ],
  [
    '_rebuild_nested_tensor',
    ([buffer], context) =>
      shapeOnly(
        undefined,
        inner([buffer], context)?.dtype ?? undefined,
        'is nested, which is not read here',
        context,
      ),
  ],
  ['_rebuild_device_tensor_from_numpy', fromNumpy],
  ['_rebuild_xla_tensor', fromNumpy],
]);

const NUMPY = new Set(['numpy.core.multiarray', 'numpy._core.multiarray']);

/** An array that was pickled among the tensors: its values are in the pickle itself. */
const numpyArray = (value: PickleObject, context: RebuildContext): PytorchView | null => {
  const shape = shapeOfArray(value);
  if (shape === undefined) return null;
  return shapeOnly(shape, undefined, 'is a NumPy array in the pickle, which is not read here', context);
};

/** Classes whose objects hold one tensor, as versions before 0.4 pickled them. */
const HOLDERS = new Set(['Parameter', 'Variable', 'Buffer', '__new__']);

/** Only the first object among the first few arguments: examining each could take forever. */
const ofHolder: Rebuild = (args, context) => {
  const isHeld = (arg: PickleValue) => arg instanceof PickleObject || arg instanceof PickleReference;
  return inner([args.slice(0, 4).find(isHeld) ?? null], context);
};

/**
 * The tensor that a pickled call rebuilds (the `_rebuild_*` functions of torch/_utils.py), with every claim checked
 * against its storage; null if the value is not a tensor. `where` is where the pickle is.
 */
export const rebuildTensor = (
  value: PickleValue | undefined,
  references: PytorchReferences,
  where: string,
  depth = 0,
): PytorchView | null => {
  if (depth > MAX_WRAPPERS) throw inputFault(`wraps a tensor more than ${MAX_WRAPPERS} times`, where, REMEDY);
  if (value instanceof PickleReference) return references.tensor?.(value) ?? null;
  if (!(value instanceof PickleObject) || !(value.callable instanceof PickleGlobal)) return null;
  const { module, name } = value.callable;
  if (NUMPY.has(module) && name === '_reconstruct') return numpyArray(value, { references, where, depth });
  const isTorch = module === 'torch' || module.startsWith('torch.');
  const rebuild = isTorch ? (REBUILDS.get(name) ?? (HOLDERS.has(name) ? ofHolder : undefined)) : undefined;
  return rebuild?.(value.args, { references, where, depth }) ?? null;
};
