export function addedTexts(name: string): Map<string, string>;
export function addTexts(name: string, folder: string): void;
export function missingLicences(folder: string): string[];
