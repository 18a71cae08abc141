import type { TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import { kerasRole } from './kerasRole.ts';
import { namedRole } from './namedRole.ts';
import { onnxRole } from './onnxRole.ts';
import { MOST_AXES, type Role, type Tensors } from './role.ts';

/** The role that the file states for the tensor; undefined if it states nothing conclusive. */
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
 * The matrices of a tensor, or null if it is a vector. The use stated by the file decides: the operator of ONNX, the
 * class of Keras. Without it, the shape and whole words of the name decide.
 */
export const roleOf = (entry: TensorEntry, tensors: Tensors, convolution: ConvolutionView): Role | null => {
  // Tensors with more axes than a kernel are listed only if all values are along one axis.
  if (entry.shape.length === 1 || entry.shape.length > MOST_AXES) return null;
  const stated = statedRole(entry, tensors, convolution);
  return stated === undefined ? namedRole(entry, tensors, convolution) : stated;
};
