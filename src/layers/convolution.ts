import type { KernelLayout } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import { type Axis, axesOf, type MatrixView } from './view.ts';

interface KernelAxes {
  readonly outputs: readonly Axis[];
  readonly inputs: readonly Axis[];
  readonly positions: readonly Axis[];
}

/**
 * The roles of a kernel's axes. A depthwise kernel of Keras (positions, channels, multiplier) has one output per
 * channel and multiplier, each with one input; in PyTorch its shape already says so.
 */
const kernelAxes = (shape: readonly number[], layout: KernelLayout, depthwise: boolean): KernelAxes => {
  const axes = axesOf(shape);
  if (layout === 'OIHW')
    return { outputs: axes.slice(0, 1), inputs: axes.slice(1, 2), positions: axes.slice(2) };
  const [inputs, outputs] = [axes.slice(-2, -1), axes.slice(-1)];
  const positions = axes.slice(0, -2);
  return depthwise
    ? { outputs: [...inputs, ...outputs], inputs: [], positions }
    : { outputs, inputs, positions };
};

/**
 * The kernel of a convolution over 1, 2 or 3 dimensions as outputs x (inputs * positions), in that order for every
 * layout, or as one outputs x inputs matrix for each position. A grouped kernel is taken as it is stored: outputs x
 * (inputs of one group), and a transposed one of PyTorch has inputs and outputs exchanged.
 */
export const kernelView = (
  shape: readonly number[],
  layout: KernelLayout,
  depthwise: boolean,
  convolution: ConvolutionView,
): MatrixView => {
  const { outputs, inputs, positions } = kernelAxes(shape, layout, depthwise);
  return convolution === 'reshape'
    ? { offset: 0, rows: outputs, columns: [...inputs, ...positions], slices: [] }
    : { offset: 0, rows: outputs, columns: inputs, slices: positions };
};
