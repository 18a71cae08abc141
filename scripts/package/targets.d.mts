export const NATIVE_TARGETS: readonly string[];
export const UNIVERSAL: string;
export const TARGETS: readonly string[];
export function modulesOf(target: string, hasNativeRuntime: boolean): string[];
