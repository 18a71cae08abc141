export const LINK: string;
export const ACTING: string;
export function hostileWorkspaces(): Promise<{ root: string; workspace: string }>;
