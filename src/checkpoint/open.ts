import { type ByteSource, fileSource } from './bytes/byteSource.ts';
import type { Checkpoint, OpenSibling } from './checkpoint.ts';
import { FORMATS } from './formats.ts';
import { openSource } from './openSource.ts';
import { SHARDED } from './sharded.ts';
import { siblingsOf } from './siblings.ts';

/** A set of shards may hold every format but another set. */
const ALL = [...FORMATS, SHARDED];

/**
 * Opens a checkpoint of any format that is read here, recognised by its content, from its path or from bytes with a
 * way to open what they name. Only its header is read. The caller closes it. A file that is empty, of another kind
 * or damaged is a fault, and nothing else is thrown.
 */
export const openCheckpoint = async (
  from: string | { readonly source: ByteSource; readonly openSibling: OpenSibling },
): Promise<Checkpoint> => {
  if (typeof from !== 'string') return openSource(from.source, from.openSibling, ALL);
  return openSource(await fileSource(from), siblingsOf(from), ALL);
};
