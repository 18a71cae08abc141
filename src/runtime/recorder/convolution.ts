import { type ConvolutionInfo, convolutionInfo } from './convolutionInfo.ts';
import { directFilterGradient, directForward, directInputGradient } from './directConvolution.ts';
import { type Kernel, kernel } from './kernel.ts';
import type { Recording } from './recording.ts';
import { windowFilterGradient, windowForward, windowInputGradient } from './windowConvolution.ts';

/**
 * Training steps gather windows and multiply matrices; forward passes at any batch, exports and layers with huge
 * windows use ONNX's own convolution. Both are exact; only their speed and memory differ.
 */
function usesWindows(recording: Recording, info: ConvolutionInfo): boolean {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = info;
  const bytes = 4 * batchSize * outHeight * outWidth * filterHeight * filterWidth * inChannels;
  const plain = info.dilationHeight === 1 && info.dilationWidth === 1;
  return (
    plain && recording.fixedShapes && recording.operators !== 'standard' && bytes <= recording.largestWindows
  );
}

export const convolution: Readonly<Record<string, Kernel>> = {
  Conv2D: kernel(['x', 'filter'], (recording, [x, filter], attributes) => {
    const info = convolutionInfo(x.shape, filter.shape, attributes);
    return (usesWindows(recording, info) ? windowForward : directForward)(recording, x, filter, info);
  }),
  Conv2DBackpropInput: kernel(['dy', 'filter'], (recording, [dy, filter], attributes) => {
    const info = convolutionInfo(attributes.inputShape as number[], filter.shape, attributes);
    return (usesWindows(recording, info) ? windowInputGradient : directInputGradient)(
      recording,
      dy,
      filter,
      info,
    );
  }),
  Conv2DBackpropFilter: kernel(['x', 'dy'], (recording, [x, dy], attributes) => {
    const info = convolutionInfo(x.shape, attributes.filterShape as number[], attributes);
    return (usesWindows(recording, info) ? windowFilterGradient : directFilterGradient)(
      recording,
      x,
      dy,
      info,
    );
  }),
};
