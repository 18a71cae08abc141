interface Named {
  readonly name: string;
  readonly needs?: readonly string[];
}
/** It shows what it prints while it runs, or runs beside others and returns it. */
export type Stage =
  | (Named & { readonly beside?: false; readonly run: () => number })
  | (Named & { readonly beside: true; readonly run: () => Promise<{ code: number; output: string }> });
export interface Outcome {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'not run';
}
export function runStages(
  stages: readonly Stage[],
  announce?: (name: string, output?: string) => void,
  lanes?: number,
): Promise<Outcome[]>;
export function totalsLine(
  outcomes: readonly Outcome[],
  reports: readonly { readonly passed: number; readonly failed: number }[],
): string;
