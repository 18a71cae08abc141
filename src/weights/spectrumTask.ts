import {
  Fault,
  type FaultData,
  type LayerSpectrum,
  type LayerSpectrumParams,
  type TensorValues,
  type TensorValuesParams,
} from '../protocol/index.ts';
import { layerSpectrum } from './layerSpectrum.ts';
import { OpenCheckpoints } from './openCheckpoints.ts';
import { tensorValues } from './tensorValues.ts';

/** What a worker answers: a class does not survive the way between threads, so a fault goes as its parts. */
export type SpectrumAnswer =
  | { readonly kind: 'spectrum'; readonly spectrum: LayerSpectrum }
  | { readonly kind: 'fault'; readonly fault: FaultData };

const checkpoints = new OpenCheckpoints();

/** Opens the file, reads the tensor of one layer and measures it. */
export const runSpectrumTask = async (params: LayerSpectrumParams): Promise<SpectrumAnswer> => {
  try {
    const spectrum = await checkpoints.use(params.file, (checkpoint) => layerSpectrum(checkpoint, params));
    return { kind: 'spectrum', spectrum };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { kind, what, where, remedy } = error;
    return { kind: 'fault', fault: { kind, what, where, remedy } };
  }
};

export type ValuesAnswer =
  | { readonly kind: 'values'; readonly values: TensorValues[] }
  | { readonly kind: 'fault'; readonly fault: FaultData };

/** Opens the file, and reads the tensors that are no weight matrices one after the other. */
export const runValuesTask = async (params: TensorValuesParams): Promise<ValuesAnswer> => {
  try {
    const values = await checkpoints.use(params.file, (checkpoint) => tensorValues(checkpoint, params));
    return { kind: 'values', values };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { kind, what, where, remedy } = error;
    return { kind: 'fault', fault: { kind, what, where, remedy } };
  }
};
