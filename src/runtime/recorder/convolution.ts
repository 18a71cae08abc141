import { blockedFilterGradient, blockedForward, blockedInputGradient } from './blockedConvolution.ts';
import { type ConvolutionInfo, convolutionInfo } from './convolutionInfo.ts';
import { directFilterGradient, directForward, directInputGradient } from './directConvolution.ts';
import { type Kernel, kernel } from './kernel.ts';
import type { Recording } from './recording.ts';
import type { Value } from './value.ts';
import { windowFilterGradient, windowForward, windowInputGradient } from './windowConvolution.ts';

/**
 * Training steps use blocks of channels where ONNX Runtime has kernels for them, and else gather windows and multiply matrices; forward
 * passes at any batch, exports and layers with huge windows use ONNX's own convolution. All are exact; their speed and memory differ.
 */
function usesWindows(recording: Recording, info: ConvolutionInfo): boolean {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels } = info;
  const bytes = 4 * batchSize * outHeight * outWidth * filterHeight * filterWidth * inChannels;
  const plain = info.dilationHeight === 1 && info.dilationWidth === 1;
  return (
    plain && recording.fixedShapes && recording.operators !== 'standard' && bytes <= recording.largestWindows
  );
}

/** Whole blocks of channels, stride 1, and more than one position: a filter of one is a product of matrices. */
function usesBlocks(recording: Recording, x: Value, info: ConvolutionInfo): boolean {
  const { inChannels, outChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const block = recording.channelBlock;
  return (
    block !== undefined &&
    x.type === 'float32' &&
    recording.fixedShapes &&
    filterHeight * filterWidth > 1 &&
    [strideHeight, strideWidth, info.dilationHeight, info.dilationWidth].every((extent) => extent === 1) &&
    inChannels % block === 0 &&
    outChannels % block === 0
  );
}

const chosen = <T>(
  recording: Recording,
  map: Value,
  info: ConvolutionInfo,
  [blocked, windows, direct]: readonly [T, T, T],
): T => {
  if (usesBlocks(recording, map, info)) return blocked;
  return usesWindows(recording, info) ? windows : direct;
};

const FORWARD = [blockedForward, windowForward, directForward] as const;
const INPUT_GRADIENT = [blockedInputGradient, windowInputGradient, directInputGradient] as const;
const FILTER_GRADIENT = [blockedFilterGradient, windowFilterGradient, directFilterGradient] as const;

export const convolution: Readonly<Record<string, Kernel>> = {
  Conv2D: kernel(['x', 'filter'], (recording, [x, filter], attributes) => {
    const info = convolutionInfo(x.shape, filter.shape, attributes);
    return chosen(recording, x, info, FORWARD)(recording, x, filter, info);
  }),
  Conv2DBackpropInput: kernel(['dy', 'filter'], (recording, [dy, filter], attributes) => {
    const info = convolutionInfo(attributes.inputShape as number[], filter.shape, attributes);
    return chosen(recording, dy, info, INPUT_GRADIENT)(recording, dy, filter, info);
  }),
  Conv2DBackpropFilter: kernel(['x', 'dy'], (recording, [x, dy], attributes) => {
    const info = convolutionInfo(x.shape, attributes.filterShape as number[], attributes);
    return chosen(recording, x, info, FILTER_GRADIENT)(recording, x, dy, info);
  }),
};
