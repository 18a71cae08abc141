export function fillSampleWorkspace(folder: string, sources: { examples: string; run: string }): void;
