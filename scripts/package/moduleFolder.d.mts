import type { LockEntry } from './lockFile.mjs';

export function matchesIntegrity(bytes: Uint8Array, integrity: string | undefined): boolean;
export function moduleFolder(entry: LockEntry): string;
