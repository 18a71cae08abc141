import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-common';
import { fromOnnx, type OnnxRuntime, toOnnx } from './onnxProgram.ts';
import type { Arrays, Stepper } from './program.ts';
import type { RecordedProgram } from './recorder/record.ts';

/**
 * A stepper whose carried values are in memory. If the runtime can write into tensors that it is given, each value has two: a run reads one
 * and writes the other, so that no step allocates memory for them.
 */
export class OnnxStepper implements Stepper {
  /** By name: what the next run reads. */
  private current: Record<string, OnnxTensor> = {};
  /** By name: what the next run writes; empty if it allocates its outputs. */
  private spare: Record<string, OnnxTensor> = {};
  /** Name in the graph of each carried output. */
  private readonly ports: ReadonlyMap<string, string>;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    private readonly recorded: RecordedProgram,
    carried: readonly string[],
    private readonly writesInPlace: boolean,
  ) {
    const ports = new Map(recorded.outputs.map(({ name, port }) => [name, port]));
    this.ports = new Map(carried.map((name) => [name, ports.get(name)!]));
  }

  async write(values: Arrays): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      // A later run writes into it: it must not be the caller's.
      this.current[name] = toOnnx(this.runtime, { ...value, data: value.data.slice() }, false);
      if (this.writesInPlace)
        this.spare[name] = toOnnx(this.runtime, { ...value, data: value.data.slice() }, false);
    }
  }

  async run(inputs: Arrays): Promise<Arrays> {
    const feeds = { ...this.current };
    for (const [name, value] of Object.entries(inputs)) feeds[name] = toOnnx(this.runtime, value, false);
    const fetches: Record<string, OnnxTensor | null> = {};
    for (const { name, port } of this.recorded.outputs) fetches[port] = this.spare[name] ?? null;
    const results = await this.session.run(feeds, fetches);
    if (this.writesInPlace) this.spare = this.current;
    this.current = Object.fromEntries(
      [...this.ports].map(([name, port]) => [name, results[port] as OnnxTensor]),
    );
    return Object.fromEntries(
      this.recorded.outputs
        .filter(({ name }) => !this.ports.has(name))
        .map(({ name, port }) => [name, fromOnnx(results[port] as OnnxTensor)]),
    );
  }

  async read(): Promise<Arrays> {
    return Object.fromEntries(
      [...this.ports.keys()].map((name) => {
        const { data, ...rest } = fromOnnx(this.current[name]);
        return [name, { ...rest, data: data.slice() }];
      }),
    );
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
