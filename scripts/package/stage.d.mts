import type { Manifest } from './manifest.mjs';

export function filesUnder(folder: string): string[];
export function stageModules(target: string, folder: string): string[];
export function stage(target: string, folder: string): Manifest;
