import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './engineOf.ts';
import { report } from './rows.ts';

/**
 * Spectra of tall embeddings with random weights: time and memory of the engine, which also measures a shuffled copy, and of
 * numpy: the eigenvalues of the Gram matrix summed by blocks of rows, and the singular values if the matrix fits.
 * `npm run bench -- tall 50000x1024` uses another size, and `F32` after it another type.
 */

const [size = '152064x2048', dtype = 'BF16'] = process.argv.slice(2);
const [rows, columns] = size.split('x').map(Number);
const BYTES = dtype === 'F32' ? 4 : 2;
const CHUNK_ROWS = 2048;

/** Uniform values of standard deviation 0.02, from the upper half of a random word; as float32, or cut to bfloat16. */
const values = Float32Array.from({ length: 2 ** 16 }, (_, k) => (k / 2 ** 16 - 0.5) * 0.02 * Math.sqrt(12));
const table = BYTES === 4 ? values : Uint16Array.from(new Uint32Array(values.buffer), (word) => word >>> 16);

/** The next values of a linear congruential generator. */
const nextValues = (count: number, state: { seed: number }): Float32Array | Uint16Array => {
  const next = BYTES === 4 ? new Float32Array(count) : new Uint16Array(count);
  let { seed } = state;
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    next[i] = table[seed >>> 16];
  }
  state.seed = seed;
  return next;
};

const writeCheckpoint = async (path: string): Promise<void> => {
  const header = { embed: { dtype, shape: [rows, columns], data_offsets: [0, BYTES * rows * columns] } };
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  const file = await open(path, 'w');
  await file.write(Buffer.concat([start, text]));
  const state = { seed: 1 };
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    await file.write(Buffer.from(nextValues(Math.min(CHUNK_ROWS, rows - from) * columns, state).buffer));
  }
  await file.close();
};

const NUMPY = `
import json, os, resource, sys, time
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = '2'
import numpy as np
path, rows, columns, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with open(path, 'rb') as f:
    start = 8 + int.from_bytes(f.read(8), 'little')
def block(f, count):
    raw = f.read(width * count * columns)
    values = np.frombuffer(raw, '<f4') if width == 4 else (np.frombuffer(raw, '<u2').astype('<u4') << 16).view('<f4')
    return values.reshape(count, columns).astype(np.float64)
begun, used = time.time(), time.process_time()
gram = np.zeros((columns, columns))
with open(path, 'rb') as f:
    f.seek(start)
    for at in range(0, rows, 2048):
        a = block(f, min(2048, rows - at))
        gram += a.T @ a
values = np.sqrt(np.linalg.eigvalsh(gram)[::-1])
answer = {'gram': [time.time() - begun, time.process_time() - used], 'values': values.tolist(),
          'peak': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 'svd': None}
if rows * columns < 1e8:
    with open(path, 'rb') as f:
        f.seek(start)
        a = block(f, rows)
    begun, used = time.time(), time.process_time()
    answer['values'] = np.linalg.svd(a, compute_uv=False).tolist()
    answer['svd'] = [time.time() - begun, time.process_time() - used]
print(json.dumps(answer))
`;

const work = `values of ${rows} x ${columns} ${dtype}, those of a shuffled copy, and all measures`;

const folder = mkdtempSync(join(tmpdir(), 'pentimento-bench-'));
try {
  const file = join(folder, 'tall.safetensors');
  await writeCheckpoint(file);
  console.log(
    `${rows} x ${columns} ${dtype}, ${((BYTES * rows * columns) / 1e6).toFixed(0)} MB, ${availableParallelism()} cores`,
  );
  const engine = await startEngine();
  const begun = performance.now();
  const question = { file, convolution: 'reshape', layer: 'embed', method: 'exact' } as const;
  const { singularValues, metrics } = await engine.run('layerSpectrum', question);
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `  engine: ${seconds.toFixed(1)} s (${engine.processor().toFixed(1)} s of processor) for values, a shuffled copy's values, and all measures; largest resident memory ${engine.peak().toFixed(0)} MB`,
  );
  console.log(`  ${metrics.spectralNorm?.note ?? ''}`);
  const peak = engine.peak().toFixed(0);
  engine.stop();
  const python = spawnSync('python3', ['-c', NUMPY, file, String(rows), String(columns), String(BYTES)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (python.status !== 0) {
    console.log('  numpy: not measured (python3 with numpy is not there)');
    report({ work, ours: `${seconds.toFixed(1)} s`, peer: null });
  } else {
    const numpy = JSON.parse(python.stdout) as {
      gram: [wall: number, processor: number];
      svd: [wall: number, processor: number] | null;
      values: number[];
      peak: number;
    };
    const words = ([wall, processor]: [number, number]) =>
      `${wall.toFixed(1)} s (${processor.toFixed(1)} s of processor)`;
    console.log(`  numpy:  ${words(numpy.gram)} for its Gram matrix by blocks and the eigenvalues of it`);
    if (numpy.svd !== null) console.log(`  numpy:  ${words(numpy.svd)} for singular values, two threads`);
    console.log(`  numpy:  largest resident memory ${numpy.peak.toFixed(0)} MB`);
    const difference = singularValues.reduce(
      (worst, sigma, i) => Math.max(worst, Math.abs(sigma - numpy.values[i])),
      0,
    );
    const ratios = singularValues.map((sigma, i) => sigma / numpy.values[i]);
    const furthest = ratios.reduce((worst, ratio) => Math.max(worst, Math.abs(ratio - 1)), 0);
    const [wall] = numpy.svd ?? numpy.gram;
    const ratio = wall / seconds;
    report({
      work,
      ours: `${seconds.toFixed(1)} s, ${peak} MB`,
      peer: {
        name: `numpy, ${numpy.svd === null ? 'values of its Gram matrix' : 'SVD'}`,
        measured: `${wall.toFixed(1)} s`,
      },
      ratio: { median: ratio, lowest: ratio, highest: ratio },
      agreement: `values within ${(difference / numpy.values[0]).toExponential(1)} of the largest`,
    });
    console.log(
      `  ratio to numpy's values: within ${furthest.toExponential(1)} of 1; largest difference ${(difference / numpy.values[0]).toExponential(1)} of the largest value`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
