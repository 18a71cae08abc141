import type { ByteSource } from '../bytes/byteSource.ts';
import { zipEnd } from '../bytes/zipEnd.ts';

const HEAD = 4096;

/**
 * Whether a file is several archives of torch.save in a row, as torch.distributed.checkpoint writes the tensors of
 * one process: the last archive does not begin at the start of the file, where another begins.
 */
export const isSeveralPickles = async (source: ByteSource): Promise<boolean> => {
  const head = Buffer.from(await source.read(0, Math.min(HEAD, source.size)));
  if (!head.includes('/data.pkl')) return false;
  return ((await zipEnd(source).catch(() => null))?.before ?? 0) > 0;
};
