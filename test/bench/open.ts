import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './engineOf.ts';

/** Time to the layer table of a safetensors file of 1,000 matrices, and the engine's memory, at 10 MB and 10 GB. */

const TENSORS = 1000;
const ROUNDS = 5;
const GOAL = { milliseconds: 300, megabytes: 150 };

/** A sparse file: the header is written, the data is a hole. */
const writeSparse = async (path: string, bytes: number): Promise<void> => {
  const each = Math.floor(bytes / TENSORS / 4 / 1000) * 1000;
  const header: Record<string, object> = {};
  for (let i = 0; i < TENSORS; i++) {
    const begin = 4 * each * i;
    const shape = [each / 1000, 1000];
    header[`model.layers.${i}.weight`] = { dtype: 'F32', shape, data_offsets: [begin, begin + 4 * each] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  const file = await open(path, 'w');
  await file.write(Buffer.concat([start, text]));
  await file.truncate(8 + text.length + 4 * each * TENSORS);
  await file.close();
};

const folder = mkdtempSync(join(tmpdir(), 'pentimento-bench-'));
try {
  console.log(
    `The layer table of ${TENSORS} matrices, ${ROUNDS} fresh engines each (goal: ${GOAL.milliseconds} ms, ${GOAL.megabytes} MB)`,
  );
  for (const [name, bytes] of [
    ['10 MB', 1e7],
    ['10 GB', 1e10],
  ] as const) {
    const file = join(folder, `${name.replace(' ', '')}.safetensors`);
    await writeSparse(file, bytes);
    const times: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const engine = await startEngine();
      const begun = performance.now();
      const { layers } = await engine.run('describeCheckpoint', { file, convolution: 'reshape' });
      times.push(performance.now() - begun);
      if (layers.length !== TENSORS) throw new Error(`${layers.length} layers`);
      peaks.push(engine.peak());
      engine.stop();
    }
    times.sort((a, b) => a - b);
    peaks.sort((a, b) => a - b);
    const middle = ROUNDS >> 1;
    console.log(
      `  ${name}: ${times[middle].toFixed(0)} ms (${times[0].toFixed(0)} to ${times[ROUNDS - 1].toFixed(0)}), ` +
        `largest resident memory ${peaks[middle].toFixed(0)} MB (${peaks[0].toFixed(0)} to ${peaks[ROUNDS - 1].toFixed(0)})`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
