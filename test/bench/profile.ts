import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelBlockOf } from '../../src/runtime/channelBlock.ts';
import { type Arrays, type InputSpec, record, type TensorFunction } from '../../src/runtime/index.ts';
import type { OnnxRuntime } from '../../src/runtime/onnxProgram.ts';

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string; readonly output_size?: string };
}

export interface OperatorTime {
  readonly operator: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** Bytes that its calls write. */
  readonly written: number;
}

/** The first runs also wait for their memory. */
const WARM_UP = 2;

/** The time of one run by operator, according to ONNX Runtime's own profiler (mean over `runs`). */
export async function profile(
  fn: TensorFunction,
  specs: Record<string, InputSpec>,
  inputs: Arrays,
  { threads, runs = 5 }: { threads: number; runs?: number },
): Promise<OperatorTime[]> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = await import('onnxruntime-node');
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-profile-'));
  try {
    const channelBlock = await channelBlockOf(runtime as unknown as OnnxRuntime);
    const { model } = await record(fn, specs, { channelBlock });
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
    for (let index = 0; index < WARM_UP + runs; index++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[];
    const totals = new Map<string, { calls: number; duration: number; written: number }>();
    const seen = new Map<string, number>();
    for (const { cat, name, dur, args } of events) {
      if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      if (seen.get(name)! <= WARM_UP) continue;
      const key = args?.op_name ?? name;
      const entry = totals.get(key) ?? { calls: 0, duration: 0, written: 0 };
      totals.set(key, {
        calls: entry.calls + 1,
        duration: entry.duration + dur,
        written: entry.written + Number(args?.output_size ?? 0),
      });
    }
    return [...totals]
      .map(([operator, { calls, duration, written }]) => ({
        operator,
        calls: calls / runs,
        milliseconds: duration / runs / 1000,
        written: written / runs,
      }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
