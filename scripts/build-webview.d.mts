import type { BuildOptions } from 'esbuild';

export const webviewBuildOptions: BuildOptions;
export const notebookBuildOptions: BuildOptions;
