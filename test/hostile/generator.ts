import type { Dice } from './values.ts';

/**
 * Makes hostile inputs of one kind: valid in structure, with values that a reader must not trust in every place. A
 * case depends only on the numbers, on every machine.
 */
export interface Generator {
  readonly name: string;
  /** Cases that `npm test` runs. */
  readonly cases: number;
  /** Processor time of all threads together, if it differs from the usual limit. */
  readonly maxCpuSeconds?: number;
  /** Makes one case and passes it to its reader. Resolves to whether it was opened; throws if the contract is broken. */
  run(random: Dice): Promise<boolean>;
}
