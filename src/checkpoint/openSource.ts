import { inputFault } from '../protocol/index.ts';
import type { Allowance } from './bytes/allowance.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat, OpenSibling } from './checkpoint.ts';

const HEAD = 4096;
/** What Git leaves in place of a large file that was not fetched (git-lfs.github.com/spec/v1). */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';

const recognise = async (
  source: ByteSource,
  formats: readonly CheckpointFormat[],
): Promise<CheckpointFormat> => {
  if (source.size === 0) throw inputFault('is empty', source.name, 'Fetch or save it again');
  const head = await source.read(0, Math.min(HEAD, source.size));
  for (const format of formats) if (await format.isMine(head, source)) return format;
  if (Buffer.from(head.subarray(0, LFS_POINTER.length)).toString('latin1') === LFS_POINTER) {
    throw inputFault('is a pointer of Git LFS, not the file itself', source.name, "Fetch it: 'git lfs pull'");
  }
  const names = [...new Set(formats.map(({ name }) => name))].join(', ');
  throw inputFault(`is in no format that is read here (${names})`, source.name, 'Save it as one of these');
};

/** Opens `source` as the first of `formats` whose content it has. Takes it over: closes it when that fails. */
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
  return format.open(source, openSibling, allowance);
};
