import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFloat16 } from '@petamoriken/float16';
import { measured } from './ownModels/measured.ts';

/**
 * A recording that is larger than memory: 13 layers of 768 dimensions in float16, a million samples of them (20 GB on the disk) unless
 * another number is given. Inspected in one go for time and memory; and again with two kills, to the same bytes.
 */

const SAMPLES = Number(process.argv[2] ?? 1_000_000);
const [LAYERS, DIMENSIONS, CLASSES] = [13, 768, 10];
/** Rows that the samples are made of: each sample has one of them, with noise of its own. */
const PATTERNS = 4096;
const CLI = fileURLToPath(new URL('../cli.js', import.meta.url));

let seed = 1;
/** 16 bits of a linear congruential generator. */
const next = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
  return seed >>> 16;
};
/** About normal, with a standard deviation of 1. */
const noise = (): number => ((next() + next() + next() + next()) / 65_536 - 2) * Math.sqrt(3);

const labelOf = (pattern: number): number => pattern % CLASSES;

/** Bits of float16. Later layers have steeper spectra, and tell the classes better. */
const patternsOf = (layer: number): Uint16Array => {
  const bits = new Uint16Array(PATTERNS * DIMENSIONS);
  const view = new DataView(bits.buffer);
  const centres = Float64Array.from({ length: CLASSES * DIMENSIONS }, noise);
  for (let at = 0; at < bits.length; at++) {
    const [pattern, column] = [Math.floor(at / DIMENSIONS), at % DIMENSIONS];
    const centre = centres[labelOf(pattern) * DIMENSIONS + column];
    const value = noise() * (1 + column) ** (-0.3 - 0.03 * layer) + 0.004 * (1 + layer) * centre;
    setFloat16(view, 2 * at, value, true);
  }
  return bits;
};

const BLOCK = 8192;

const writeRecording = async (path: string): Promise<void> => {
  const header: Record<string, unknown> = {};
  const bytes = 2 * SAMPLES * DIMENSIONS;
  for (let layer = 0; layer < LAYERS; layer++) {
    const name = `layers/${String(layer).padStart(3, '0')}.block.${layer}`;
    header[name] = {
      dtype: 'F16',
      shape: [SAMPLES, DIMENSIONS],
      data_offsets: [layer * bytes, (layer + 1) * bytes],
    };
  }
  const labelsAt = LAYERS * bytes;
  header['labels/kind'] = {
    dtype: 'I32',
    shape: [SAMPLES],
    data_offsets: [labelsAt, labelsAt + 4 * SAMPLES],
  };
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  const patternOf = Int32Array.from({ length: SAMPLES }, () => next() % PATTERNS);
  const file = await open(path, 'w');
  await file.write(Buffer.concat([start, text]));
  for (let layer = 0; layer < LAYERS; layer++) {
    const patterns = patternsOf(layer);
    for (let from = 0; from < SAMPLES; from += BLOCK) {
      const rows = new Uint16Array((Math.min(from + BLOCK, SAMPLES) - from) * DIMENSIONS);
      for (let at = 0; at < rows.length; at++) {
        const pattern = patternOf[from + Math.floor(at / DIMENSIONS)];
        rows[at] = patterns[pattern * DIMENSIONS + (at % DIMENSIONS)] ^ (next() & 15);
      }
      await file.write(Buffer.from(rows.buffer));
    }
  }
  await file.write(Buffer.from(patternOf.map(labelOf).buffer));
  await file.close();
};

const RESULTS = ['analysis.json', 'recommendations.json'];

/** The arguments of an inspection of the recording into `out`. */
const inspectInto = (file: string, out: string): string[] => [CLI, 'inspect', file, '--out', out, '--json'];

/** Kills the inspection once `kept` has changed so many times. Whether it was still running. */
const killedAfter = async (process: ChildProcess, kept: string, changes: number): Promise<boolean> => {
  let [last, seen] = [existsSync(kept) ? statSync(kept).mtimeMs : 0, 0];
  while (process.exitCode === null) {
    const now = existsSync(kept) ? statSync(kept).mtimeMs : 0;
    if (now !== last) seen++;
    last = now;
    if (seen === changes) return process.kill('SIGKILL');
    await delay(100);
  }
  return false;
};

const folder = mkdtempSync(join(tmpdir(), 'pentimento-bench-'));
try {
  const file = join(folder, 'acts.safetensors');
  await writeRecording(file);
  const gigabytes = (statSync(file).size / 1e9).toFixed(1);
  console.log(
    `${SAMPLES} samples x ${LAYERS} layers x ${DIMENSIONS}, float16, ${gigabytes} GB, ${availableParallelism()} cores`,
  );
  const whole = join(folder, 'whole');
  const { seconds, processor, peak } = await measured('node', inspectInto(file, whole));
  console.log(
    `  in one go: ${seconds.toFixed(0)} s (${processor.toFixed(0)} s of processor), largest resident memory ${peak.toFixed(0)} MB`,
  );
  const parts = join(folder, 'parts');
  for (const [kept, changes] of [
    ['unfinished.safetensors', 3],
    ['unfinished.json', 2],
  ] as const) {
    const process = spawn('node', inspectInto(file, parts), { stdio: 'ignore' });
    const wasKilled = await killedAfter(process, join(parts, kept), changes);
    console.log(
      `  ${wasKilled ? 'killed' : 'ended before it was killed'} after ${kept} was written ${changes} times`,
    );
  }
  const rest = await measured('node', inspectInto(file, parts));
  const isSame = RESULTS.every((name) =>
    readFileSync(join(whole, name)).equals(readFileSync(join(parts, name))),
  );
  console.log(
    `  the rest: ${rest.seconds.toFixed(0)} s, largest resident memory ${rest.peak.toFixed(0)} MB; ${isSame ? 'the same bytes' : 'OTHER BYTES'}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
