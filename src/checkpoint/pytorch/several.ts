import type { ByteSource } from '../bytes/byteSource.ts';
import { zipEnd } from '../bytes/zipEnd.ts';

const HEAD = 4096;

/**
 * Whether a file is several archives of torch.save one after the other, which torch.distributed.checkpoint makes of
 * the tensors of one process: the last one does not begin with the file, and the file begins with another.
 */
export const isSeveralPickles = async (source: ByteSource): Promise<boolean> => {
  const head = Buffer.from(await source.read(0, Math.min(HEAD, source.size)));
  if (!head.includes('/data.pkl')) return false;
  return ((await zipEnd(source).catch(() => null))?.before ?? 0) > 0;
};
