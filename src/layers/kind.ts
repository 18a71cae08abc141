import type { TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import { kerasRole } from './kerasRole.ts';
import { namedRole } from './namedRole.ts';
import { onnxRole } from './onnxRole.ts';
import { MOST_AXES, type Role, type Tensors } from './role.ts';

/** What the file says of the tensor's use, as a role; undefined where it says nothing that decides. */
const statedRole = (
  entry: TensorEntry,
  tensors: Tensors,
  convolution: ConvolutionView,
): Role | null | undefined => {
  const { usedBy } = entry;
  if (usedBy?.by === 'ONNX') return onnxRole(entry, usedBy, tensors, convolution);
  return usedBy === undefined ? undefined : kerasRole(entry, usedBy, tensors, convolution);
};

/**
 * The matrices of a tensor, or null when it is a vector. What the file says of its use decides: the operator of ONNX,
 * the class of Keras. Where it says nothing, the shape and whole words of the name do.
 */
export const roleOf = (entry: TensorEntry, tensors: Tensors, convolution: ConvolutionView): Role | null => {
  // More axes than a kernel has are listed only where all values lie along one.
  if (entry.shape.length === 1 || entry.shape.length > MOST_AXES) return null;
  const stated = statedRole(entry, tensors, convolution);
  return stated === undefined ? namedRole(entry, tensors, convolution) : stated;
};
