export function runtimeBinaries(files: readonly string[], target: string): string[];
export function shippedFiles(name: string, files: readonly string[], target: string): string[];
