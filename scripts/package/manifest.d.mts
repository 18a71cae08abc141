export type Manifest = Readonly<Record<string, unknown>>;

export const PACKAGED: readonly string[];
export function packagedManifest(manifest: Manifest, shipped: readonly string[]): Manifest;
export function namedFiles(manifest: Manifest): string[];
