export interface Stage {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly run: () => number;
}
export interface Outcome {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'not run';
}
export function runStages(stages: readonly Stage[], announce?: (name: string) => void): Outcome[];
export function totalsLine(
  outcomes: readonly Outcome[],
  reports: readonly { readonly passed: number; readonly failed: number }[],
): string;
