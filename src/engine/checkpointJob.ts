import { writeAtomically } from '../disk/index.ts';
import {
  layersCsv,
  measureEach,
  measureLayers,
  netronAttachment,
  openSpectrumPool,
  SpectraDocument,
  type SpectrumPool,
  summarise,
} from '../layers/index.ts';
import { inBatches, jsonPieces } from '../protocol/index.ts';
import type { JobHandler } from './connection.ts';

let opened: SpectrumPool | undefined;
/** One for the lifetime of the engine; its threads end by themselves when idle. */
const pool = (): SpectrumPool => {
  opened ??= openSpectrumPool();
  return opened;
};

/** The layers, vectors and skipped tensors of a checkpoint, from its header alone. */
export const describeCheckpointJob: JobHandler<'describeCheckpoint'> = ({ file, convolution }) =>
  pool().use(file, (checkpoint) => summarise(checkpoint, convolution));

/** The spectrum of one layer. Requests run in parallel on all cores; cancelling one ends its thread. */
export const layerSpectrumJob: JobHandler<'layerSpectrum'> = (params, { signal }) =>
  pool().measure(params, signal);

/** What is counted in the tensors that are not weight matrices. */
export const tensorValuesJob: JobHandler<'tensorValues'> = (params, { signal }) =>
  pool().values(params, signal);

type Export = Parameters<JobHandler<'exportCheckpoint'>>[0];

/** The text of the file, in pieces, once every layer is measured. */
const exported = async (
  { file, convolution, format, cache }: Export,
  { signal, report }: Parameters<JobHandler<'exportCheckpoint'>>[1],
): Promise<Iterable<string>> => {
  const summary = await pool().use(file, (checkpoint) => summarise(checkpoint, convolution));
  const { version } = summary;
  const question = { file, version, convolution, cache, method: 'auto' as const };
  const values = () => pool().values({ file, version, convolution }, signal);
  if (format === 'json') {
    const document = new SpectraDocument();
    const take = document.add.bind(document);
    await measureEach(pool(), summary.layers, question, { onProgress: report, cancelled: signal, take });
    return jsonPieces(document.complete(summary, await values()));
  }
  const measured = await measureLayers(pool(), summary.layers, question, report, signal);
  const spectra = new Map(measured.map(({ layer, spectrum }) => [layer.name, spectrum]));
  return [
    format === 'csv' ? layersCsv(summary, spectra, await values()) : netronAttachment(summary, spectra),
  ];
};

/** Measures every layer that is not cached yet, and writes them in the requested format. */
export const exportCheckpointJob: JobHandler<'exportCheckpoint'> = async (params, context) => {
  const text = await exported(params, context);
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for (const piece of inBatches(text)) {
      const chunk = Buffer.from(piece);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await writeAtomically(params.target, counted());
  return { bytes };
};
