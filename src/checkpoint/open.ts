import { asModel } from './asModel.ts';
import { type ByteSource, fileSource } from './bytes/byteSource.ts';
import type { Checkpoint, OpenSibling } from './checkpoint.ts';
import { folderFault } from './foreign/folder.ts';
import { FORMATS } from './formats.ts';
import { ChangedFault, OpenedFiles } from './openedFiles.ts';
import { openSource } from './openSource.ts';
import { withScales } from './quantised/quantised.ts';
import { checkedRange, type ReadRange } from './range.ts';
import { SHARDED } from './sharded.ts';
import { siblingsOf } from './siblings.ts';
import type { StoredTensor } from './tensor.ts';

/** Shards may have any format except another set of shards. */
const ALL = [...FORMATS, SHARDED];

/** If a file is replaced while its header is read, the new one is tried, up to this many times. */
const ATTEMPTS = 3;

const openFollowed = async (path: string, files: OpenedFiles): Promise<Checkpoint> => {
  const source = await files.follow(path, await fileSource(path));
  const stored = await openSource(source, files.siblings(path, siblingsOf(path)), ALL);
  const checkpoint = asModel(await withScales(stored));
  const { tensors, metadata, format } = checkpoint;
  const close = (): Promise<void> => checkpoint.close();
  try {
    await files.check();
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const read = async (name: string): Promise<StoredTensor> => {
    const tensor = await checkpoint.read(name);
    await files.check();
    return tensor;
  };
  const ranges = (name: string): ReadRange | null => {
    const range = checkpoint.ranges?.(name) ?? null;
    return range && checkedRange(range, () => files.check());
  };
  const texts = async (name: string): Promise<readonly string[] | null> => {
    const values = (await checkpoint.texts?.(name)) ?? null;
    await files.check();
    return values;
  };
  return { path, format, metadata, tensors, files: files.soFar(), read, ranges, texts, close };
};

/**
 * Opens a checkpoint of any format that is read here, recognised by its content, from its path or from bytes with a way
 * to open the files that they name. Only its header is read; quantised weights are read as the values they represent.
 * The caller closes it. An empty, unknown or damaged file is a fault, and nothing else is thrown. If it is opened by
 * path, it is tied to one version of its files: a read after one of them changed is a `ChangedFault`.
 */
export const openCheckpoint = async (
  from: string | { readonly source: ByteSource; readonly openSibling: OpenSibling },
  now?: () => number,
): Promise<Checkpoint> => {
  if (typeof from !== 'string') {
    return asModel(await withScales(await openSource(from.source, from.openSibling, ALL)));
  }
  const folder = await folderFault(from);
  if (folder !== null) throw folder;
  for (let attempt = 1; ; attempt++) {
    try {
      return await openFollowed(from, new OpenedFiles(now));
    } catch (error) {
      if (!(error instanceof ChangedFault) || attempt === ATTEMPTS) throw error;
    }
  }
};
