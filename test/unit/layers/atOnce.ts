import type { Checkpoint } from '../../../src/checkpoint/index.ts';
import { SpectraText } from '../../../src/cli/spectraText.ts';
import { type MeasuredLayer, SpectraDocument } from '../../../src/layers/index.ts';
import { plannedLayers } from '../../../src/layers/layerPlans.ts';
import { checkVersion, plannedSpectrum } from '../../../src/layers/layerSpectrum.ts';
import type { PlannedLayer } from '../../../src/layers/plan.ts';
import { matricesOf } from '../../../src/layers/view.ts';
import type {
  CheckpointSummary,
  ConvolutionView,
  LayerSpectrum,
  LayerSpectrumParams,
  TensorValues,
} from '../../../src/protocol/index.ts';
import type { Matrix } from '../../../src/spectrum/index.ts';

// In one piece what the program makes part by part.

/** The text of a complete list of layers. */
export const formatSpectra = (
  summary: CheckpointSummary,
  measured: readonly MeasuredLayer[],
  values: readonly TensorValues[] = [],
): Iterable<string> => {
  const text = new SpectraText();
  for (const each of measured) text.add(each);
  return text.lines(summary, values);
};

/** The document of a complete list of layers. */
export const spectraDocument = (
  summary: CheckpointSummary,
  layers: readonly MeasuredLayer[],
  values: readonly TensorValues[] = [],
): object => {
  const document = new SpectraDocument();
  for (const each of layers) document.add(each);
  return document.complete(summary, values);
};

/** A layer by its name; an input fault if there is none. */
export const plannedLayer = async (
  checkpoint: Checkpoint,
  name: string,
  convolution: ConvolutionView,
): Promise<PlannedLayer> => (await plannedLayers(checkpoint, [name], convolution))[0];

/** The matrices of a layer in float64: one, or one for each position of a convolution seen as slices. */
export const readMatrices = async (
  checkpoint: Checkpoint,
  name: string,
  convolution: ConvolutionView,
): Promise<Matrix[]> => {
  const { layer, view } = await plannedLayer(checkpoint, name, convolution);
  return [...matricesOf((await checkpoint.read(layer.tensor)).data, view).each()];
};

/** The spectrum of a layer of an open checkpoint; a fault if there is none, or the files have another version. */
export const layerSpectrum = async (
  checkpoint: Checkpoint,
  question: Omit<LayerSpectrumParams, 'file'>,
): Promise<LayerSpectrum> => {
  checkVersion(checkpoint, question.version);
  const planned = await plannedLayer(checkpoint, question.layer, question.convolution);
  return plannedSpectrum(checkpoint, planned, question);
};
