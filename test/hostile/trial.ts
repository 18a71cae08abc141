/** Limits of one case. */
export interface Limits {
  /** Processor time of all threads together. */
  readonly cpuSeconds: number;
  /** Memory outside the heap when it ends, before garbage collection. */
  readonly bytes: number;
}

export interface Trial {
  /** What is wrong, or null. */
  readonly problem: string | null;
  /** Whether the input was opened, rather than refused. */
  readonly opened: boolean;
  readonly cpuSeconds: number;
  readonly bytes: number;
}

/** Wall time, for work that waits forever without computing; on a busy machine everything takes several times as long. */
const PATIENCE_SECONDS = 300;
const MEBI = 2 ** 20;

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Rejects when the work has not ended in time although the thread is free. */
const within = async <T>(seconds: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`does not end in ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Runs a case within its limits. */
export const tried = async (work: () => Promise<boolean>, limits: Limits): Promise<Trial> => {
  const [cpu, bytes] = [cpuSeconds(), process.memoryUsage().external];
  let opened = false;
  let problem: string | null = null;
  try {
    opened = await within(PATIENCE_SECONDS, work());
  } catch (error) {
    problem = error instanceof Error ? String(error.stack) : `throws ${String(error)}`;
  }
  const [took, held] = [cpuSeconds() - cpu, process.memoryUsage().external - bytes];
  if (took > limits.cpuSeconds) problem ??= `takes ${took.toFixed(1)} s of the processor`;
  if (held > limits.bytes) problem ??= `takes ${Math.round(held / MEBI)} MiB`;
  return { problem, opened, cpuSeconds: took, bytes: held };
};
