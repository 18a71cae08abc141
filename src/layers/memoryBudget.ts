import { totalmem } from 'node:os';

/** Names the megabytes that layers may take together, where half of the machine's memory is not right. */
export const MEMORY_VARIABLE = 'PENTIMENTO_MEMORY_MB';

/** Of the machine, or of the container where that has less. No limit reads as 0, or as more than any machine has. */
const memoryHere = (): number => {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

/** Bytes that measuring layers may take in all. */
export const memoryBudget = (asked = process.env[MEMORY_VARIABLE]): number => {
  const megabytes = Number(asked);
  return asked !== undefined && megabytes > 0 ? megabytes * 1e6 : memoryHere() / 2;
};
