import type { Metafile } from 'esbuild';

export function bundledPackages(metafile: Pick<Metafile, 'outputs'>): string[];
export function thirdPartyNotices(
  metafiles: readonly Pick<Metafile, 'outputs'>[],
  files?: readonly string[],
): string;
export const PDF_FONTS: readonly string[];
