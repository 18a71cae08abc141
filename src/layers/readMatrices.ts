import type { Checkpoint, StoredTensor } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import type { Matrix } from '../spectrum/index.ts';
import { plannedLayer } from './layerPlans.ts';
import { type MatrixView, matricesOf } from './view.ts';

/** A layer's tensor as it was read, and where the layer is in it. */
export interface LayerValues {
  readonly tensor: StoredTensor;
  readonly view: MatrixView;
}

export const readLayer = async (
  checkpoint: Checkpoint,
  name: string,
  convolution: ConvolutionView,
): Promise<LayerValues> => {
  const { layer, view } = await plannedLayer(checkpoint, name, convolution);
  return { tensor: await checkpoint.read(layer.tensor), view };
};

/**
 * The matrices of a layer in float64: one, or one for each position of a convolution seen as slices. Throws a fault if
 * there is no such layer or its tensor cannot be read.
 */
export const readMatrices = async (
  checkpoint: Checkpoint,
  name: string,
  convolution: ConvolutionView,
): Promise<Matrix[]> => {
  const { tensor, view } = await readLayer(checkpoint, name, convolution);
  return [...matricesOf(tensor.data, view).each()];
};
