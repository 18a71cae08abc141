import type { Dice } from './values.ts';

/**
 * Makes hostile inputs of one kind: sound in structure, with values at each place that a reader must not trust. A case
 * is the same for the same numbers, on every machine.
 */
export interface Generator {
  readonly name: string;
  /** Cases that `npm test` runs. */
  readonly cases: number;
  /** Of the processor, all threads together, unless given as usual. */
  readonly maxCpuSeconds?: number;
  /** Makes one case and hands it to its reader. Resolves to whether it was opened; throws whatever breaks the contract. */
  run(random: Dice): Promise<boolean>;
}
