import type { CheckpointSpectrum, ConvolutionView } from '../../src/protocol/index.ts';
import type { Measured } from '../series/weightRows.ts';

/** The spectra received for one version of the files and one view of their convolutions. */
export interface MeasuredLayers {
  /** Clears everything if the files or the view have changed; true if it did. */
  begin(files: readonly string[], version: number, convolution: ConvolutionView): boolean;
  /** Adds a result; false if it belongs to another version or view. */
  add(spectrum: CheckpointSpectrum): boolean;
  of(checkpoint: number, layer: string): Measured | null;
}

export const createMeasuredLayers = (): MeasuredLayers => {
  let subject = '';
  let current: { readonly version: number; readonly convolution: ConvolutionView } | null = null;
  let layers: Map<string, Measured>[] = [];
  return {
    begin: (files, version, convolution) => {
      const next = JSON.stringify([files, version, convolution]);
      current = { version, convolution };
      if (next === subject) return false;
      layers = files.map(() => new Map());
      subject = next;
      return true;
    },
    add: ({ version, convolution, checkpoint, layer, spectrum, problem }) => {
      if (version !== current?.version || convolution !== current.convolution) return false;
      const known = layers[checkpoint];
      if (!known) return false;
      // A failed attempt at the exact values does not remove the estimate.
      known.set(layer, { spectrum: spectrum ?? known.get(layer)?.spectrum ?? null, problem });
      return true;
    },
    of: (checkpoint, layer) => layers[checkpoint]?.get(layer) ?? null,
  };
};
