import { writeAtomically } from '../disk/index.ts';
import {
  layersCsv,
  measureLayers,
  netronAttachment,
  openSpectrumPool,
  type SpectrumPool,
  spectraDocument,
  summarise,
} from '../weights/index.ts';
import type { JobHandler } from './connection.ts';

let opened: SpectrumPool | undefined;
/** One for the whole life of the engine; its threads end by themselves when there is nothing to do. */
const pool = (): SpectrumPool => {
  opened ??= openSpectrumPool();
  return opened;
};

/** The layers, vectors and skipped tensors of a checkpoint, from its header alone. */
export const describeCheckpointJob: JobHandler<'describeCheckpoint'> = ({ file, convolution }) =>
  pool().use(file, (checkpoint) => summarise(checkpoint, convolution));

/** The spectrum of one layer. Requests run side by side on all cores; cancelling one ends its thread. */
export const layerSpectrumJob: JobHandler<'layerSpectrum'> = (params, { signal }) =>
  pool().measure(params, signal);

/** What is counted in the tensors that are no weight matrices. */
export const tensorValuesJob: JobHandler<'tensorValues'> = (params, { signal }) =>
  pool().values(params, signal);

/** Measures every layer, those that are not kept already, and writes them in the format asked for. */
export const exportCheckpointJob: JobHandler<'exportCheckpoint'> = async (params, { signal, report }) => {
  const { file, convolution, format, target, cache } = params;
  const summary = await pool().use(file, (checkpoint) => summarise(checkpoint, convolution));
  const { version } = summary;
  const question = { file, version, convolution, cache, method: 'auto' as const };
  const measured = await measureLayers(pool(), summary.layers, question, report, signal);
  const values = await pool().values({ file, version, convolution }, signal);
  const spectra = new Map(measured.map(({ layer, spectrum }) => [layer.name, spectrum]));
  const text =
    format === 'csv'
      ? layersCsv(summary, spectra, values)
      : format === 'netron'
        ? netronAttachment(summary, spectra)
        : `${JSON.stringify(spectraDocument(summary, measured, values))}\n`;
  await writeAtomically(target, text);
  return { bytes: Buffer.byteLength(text) };
};
