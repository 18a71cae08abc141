import { spawn, spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Steps {
  readonly times: readonly number[];
  readonly losses: readonly number[];
}

/** A PyTorch process that runs steps on request, so that both sides can be timed alternately. */
export interface TorchSteps {
  readonly version: string;
  /** Seconds of these steps, and the losses before them. */
  run(count: number): Promise<Steps>;
  close(): void;
}

const SCRIPT = fileURLToPath(new URL('../../test/bench/step.py', import.meta.url));
const PYTHONS = [
  ...(process.env.PENTIMENTO_BENCH_PYTHON ?? '').split(delimiter).filter((path) => path !== ''),
  'python3',
  '/usr/bin/python3',
];

/**
 * The Pythons that have torch (Debian: python3-torch), one for each of its versions. `PENTIMENTO_BENCH_PYTHON` names others than those of
 * the system, such as that of a virtual environment with a newer PyTorch.
 */
export function pythonsWithTorch(): string[] {
  const found = new Map<string, string>();
  for (const python of PYTHONS) {
    const { status, stdout } = spawnSync(python, ['-c', 'import torch; print(torch.__version__)']);
    if (status === 0 && !found.has(String(stdout))) found.set(String(stdout), python);
  }
  return [...found.values()];
}

export async function openTorch(python: string, spec: Record<string, unknown>): Promise<TorchSteps> {
  const child = spawn(python, [SCRIPT, JSON.stringify(spec)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the PyTorch process ended early');
    return JSON.parse(value as string);
  };
  const { version } = (await next()) as { version: string };
  return {
    version,
    async run(count) {
      child.stdin.write(`run ${count}\n`);
      return (await next()) as Steps;
    },
    close: () => child.kill(),
  };
}
