import { type Checkpoint, openCheckpoint } from '../../checkpoint/index.ts';

/** A file with arrays, by its content. */
export const openContainer = (path: string): Promise<Checkpoint> => openCheckpoint(path);
