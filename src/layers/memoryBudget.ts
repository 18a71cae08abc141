import { totalmem } from 'node:os';

/** Sets the megabytes that layers may take together, if half of the machine's memory is not right. */
export const MEMORY_VARIABLE = 'PENTIMENTO_MEMORY_MB';

/** Memory of the machine, or of the container if that has less. No limit reads as 0, or as more than any machine has. */
const memoryHere = (): number => {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

/** Bytes that measuring layers may take in total. */
export const memoryBudget = (asked = process.env[MEMORY_VARIABLE]): number => {
  const megabytes = Number(asked);
  return asked !== undefined && megabytes > 0 ? megabytes * 1e6 : memoryHere() / 2;
};
