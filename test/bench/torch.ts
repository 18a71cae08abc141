import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A PyTorch process that runs steps on request, so that both sides can be timed alternately. */
export interface TorchSteps {
  readonly version: string;
  run(count: number): Promise<number[]>;
  close(): void;
}

const SCRIPT = fileURLToPath(new URL('../../test/bench/step.py', import.meta.url));
const PYTHONS = ['python3', '/usr/bin/python3'];

/** The first Python that has torch (Debian: python3-torch), or null. */
export const pythonWithTorch = (): string | null =>
  PYTHONS.find((python) => spawnSync(python, ['-c', 'import torch']).status === 0) ?? null;

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
      return (await next()) as number[];
    },
    close: () => child.kill(),
  };
}
