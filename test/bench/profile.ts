import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Arrays, type InputSpec, record, type TensorFunction } from '../../src/runtime/index.ts';

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

export interface OperatorTime {
  readonly operator: string;
  readonly calls: number;
  readonly milliseconds: number;
}

/** The time of one run by operator, according to ONNX Runtime's own profiler (mean over `runs`). */
export async function profile(
  fn: TensorFunction,
  specs: Record<string, InputSpec>,
  inputs: Arrays,
  { threads, runs = 5, byNode = false }: { threads: number; runs?: number; byNode?: boolean },
): Promise<OperatorTime[]> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await import('onnxruntime-node');
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-profile-'));
  try {
    const { model } = await record(fn, specs);
    const session = await runtime.InferenceSession.create(model, {
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'step'),
    });
    const feeds = Object.fromEntries(
      session.inputNames.map((name) => {
        const { dtype, shape, data } = inputs[name];
        return [name, new runtime.Tensor(dtype as 'float32', data as Float32Array, [...shape])];
      }),
    );
    for (let index = 0; index < runs; index++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[];
    const totals = new Map<string, { calls: number; duration: number }>();
    for (const { cat, name, dur, args } of events) {
      if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
      const key = byNode ? name.replace('_kernel_time', '') : (args?.op_name ?? name);
      const entry = totals.get(key) ?? { calls: 0, duration: 0 };
      totals.set(key, { calls: entry.calls + 1, duration: entry.duration + dur });
    }
    return [...totals]
      .map(([operator, { calls, duration }]) => ({
        operator,
        calls: calls / runs,
        milliseconds: duration / runs / 1000,
      }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
