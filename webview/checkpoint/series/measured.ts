import type { CheckpointSpectrum, ConvolutionView } from '../../../src/protocol/messages.ts';
import type { LayerRow, Measured, MeasuredOf } from './rows.ts';

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

/** Whether a spectrum of the layer is still missing from any checkpoint that has it. */
const isWanted = ({ name, sides }: LayerRow, measuredOf: MeasuredOf): boolean =>
  sides.some((layer, place) => layer !== null && measuredOf(place, name) === null);

/**
 * Names of the layers to measure, each once: the selected one, then the visible ones, then the others that match
 * the filter, then all others.
 */
export const wantedLayers = (
  selected: string | null,
  ranked: readonly (readonly LayerRow[])[],
  measuredOf: MeasuredOf,
): string[] => {
  const all = new Map(ranked.flat().map((row) => [row.name, row]));
  const first = selected === null ? undefined : all.get(selected);
  const ordered = new Map([...(first ? [first] : []), ...ranked.flat()].map((row) => [row.name, row]));
  return [...ordered.values()].filter((row) => isWanted(row, measuredOf)).map(({ name }) => name);
};

/** The progress of measuring, in layers. */
export interface LayerCounts {
  readonly layers: number;
  readonly measured: number;
  /** Measured layers without a spectrum, and with an error or a warning. */
  readonly failed: number;
  readonly warned: number;
}

export const countLayers = (
  rows: readonly LayerRow[],
  measuredOf: MeasuredOf,
  isWarned: (row: LayerRow) => boolean,
): LayerCounts => {
  const done = rows.filter((row) => !isWanted(row, measuredOf));
  const failed = ({ name, sides }: LayerRow): boolean =>
    sides.some((_, place) => measuredOf(place, name)?.spectrum === null);
  return {
    layers: rows.length,
    measured: done.length,
    failed: done.filter(failed).length,
    warned: rows.filter(isWarned).length,
  };
};
