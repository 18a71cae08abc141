export interface LockPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
export type LockPackages = Readonly<Record<string, LockPackage>>;
export type LockEntry = LockPackage & { readonly name: string; readonly path: string };

export function lockEntry(packages: LockPackages, name: string, from?: string): LockEntry;
export function shippedEntries(packages: LockPackages, names: readonly string[]): LockEntry[];
