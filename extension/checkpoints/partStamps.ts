import { stat } from 'node:fs/promises';
import { type FilePart, fileStamp } from '../../src/protocol/messages.ts';

const stampAt = (path: string): Promise<string> => stat(path, { bigint: true }).then(fileStamp, () => '');

/** The stamps of a checkpoint's files as one text, as they were when it was read. */
export const stampsRead = (parts: readonly FilePart[]): string => parts.map(({ stamp }) => stamp).join('\n');

/** The same, as they are now. */
export const stampsNow = async (parts: readonly FilePart[]): Promise<string> =>
  (await Promise.all(parts.map(({ path }) => stampAt(path)))).join('\n');
