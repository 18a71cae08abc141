import { Fault, inputFault } from '../protocol/index.ts';
import type { Allowance } from './bytes/allowance.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat, OpenSibling } from './checkpoint.ts';
import { foreignFile } from './foreign/foreign.ts';
import { foreignPiece, unfinishedDownload } from './foreign/pieces.ts';

const HEAD = 4096;
const recognise = async (
  source: ByteSource,
  formats: readonly CheckpointFormat[],
): Promise<CheckpointFormat> => {
  if (source.size === 0) throw inputFault('is empty', source.name, 'Fetch or save it again');
  const head = await source.read(0, Math.min(HEAD, source.size));
  const piece = foreignPiece(source.name, Buffer.from(head).toString('latin1'));
  if (piece !== null) throw inputFault(piece.what, source.name, piece.remedy);
  for (const format of formats) if (await format.isMine(head, source)) return format;
  const foreign = await foreignFile(head, source);
  if (foreign !== null) throw inputFault(foreign.what, source.name, foreign.remedy);
  const names = [...new Set(formats.map(({ name }) => name))].join(', ');
  throw inputFault(`is in no format that is read here (${names})`, source.name, 'Save it as one of these');
};

/** The fault for an unreadable file that is an unfinished download; `error` for any other file. */
const asUnfinished = (path: string, error: unknown): unknown => {
  const unfinished = unfinishedDownload(path);
  if (unfinished === null || !(error instanceof Fault) || error.kind !== 'input') return error;
  return inputFault(`${unfinished.what}, which ${error.what}`, error.where, unfinished.remedy, error);
};

/** Opens `source` as the first of `formats` whose content it has. Takes ownership: closes it when that fails. */
export const openSource = async (
  source: ByteSource,
  openSibling: OpenSibling,
  formats: readonly CheckpointFormat[],
  allowance?: Allowance,
): Promise<Checkpoint> => {
  let format: CheckpointFormat;
  try {
    format = await recognise(source, formats);
  } catch (error) {
    await source.close();
    throw error;
  }
  return format.open(source, openSibling, allowance).catch((error: unknown) => {
    throw asUnfinished(source.name, error);
  });
};
