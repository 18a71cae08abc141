import type { Metafile } from 'esbuild';

export function bundledPackages(metafile: Pick<Metafile, 'outputs'>): string[];
export function thirdPartyNotices(metafiles: readonly Pick<Metafile, 'outputs'>[]): string;
