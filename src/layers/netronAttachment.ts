import type { CheckpointSummary, LayerSpectrum } from '../protocol/index.ts';

interface Metric {
  readonly kind: 'tensor' | 'model';
  readonly target?: string;
  readonly name: string;
  readonly value: number;
  readonly type: 'float32' | 'int64';
}

/**
 * The file that Netron shows beside a model ("Attachment..."): the measures of every tensor, as its metrics. If a
 * layer is a part of a tensor, the part is in the metric's name.
 */
export const netronAttachment = (
  { layers, parameters }: Pick<CheckpointSummary, 'layers' | 'parameters'>,
  spectra: ReadonlyMap<string, LayerSpectrum>,
): string => {
  const metrics: Metric[] = [{ kind: 'model', name: 'parameters', value: parameters, type: 'int64' }];
  for (const layer of layers) {
    const part = layer.name === layer.tensor ? '' : ` ${layer.name.slice(layer.tensor.length)}`;
    for (const [name, measure] of Object.entries(spectra.get(layer.name)?.metrics ?? {})) {
      if (measure?.value == null) continue;
      const { value } = measure;
      metrics.push({ kind: 'tensor', target: layer.tensor, name: `${name}${part}`, value, type: 'float32' });
    }
  }
  return `${JSON.stringify({ signature: 'netron:attachment', metadata: [], metrics }, null, 2)}\n`;
};
