import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './engineOf.ts';
import { report } from './rows.ts';

/**
 * All exact spectra of a checkpoint of BERT-base's shapes with random weights: time and memory of the engine, which also
 * measures a shuffled copy of every matrix, and of numpy for the singular values alone (two threads, one process).
 */

const HIDDEN = 768;
const shapes = new Map<string, readonly [number, number]>([
  ['embeddings.word_embeddings.weight', [30522, HIDDEN]],
  ['embeddings.position_embeddings.weight', [512, HIDDEN]],
  ['embeddings.token_type_embeddings.weight', [2, HIDDEN]],
  ['pooler.dense.weight', [HIDDEN, HIDDEN]],
]);
for (let layer = 0; layer < 12; layer++) {
  const block = `encoder.layer.${layer}`;
  for (const name of ['query', 'key', 'value'])
    shapes.set(`${block}.attention.self.${name}.weight`, [HIDDEN, HIDDEN]);
  shapes.set(`${block}.attention.output.dense.weight`, [HIDDEN, HIDDEN]);
  shapes.set(`${block}.intermediate.dense.weight`, [4 * HIDDEN, HIDDEN]);
  shapes.set(`${block}.output.dense.weight`, [HIDDEN, 4 * HIDDEN]);
}

/** Uniform values of standard deviation 0.02 from a linear congruential generator. */
const randomValues = (count: number, seed: number): Float32Array => {
  const values = new Float32Array(count);
  let state = seed >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 32 - 0.5) * 0.02 * Math.sqrt(12);
  }
  return values;
};

const writeCheckpoint = async (path: string): Promise<void> => {
  const header: Record<string, object> = {};
  let offset = 0;
  for (const [name, [rows, columns]] of shapes) {
    const end = offset + 4 * rows * columns;
    header[name] = { dtype: 'F32', shape: [rows, columns], data_offsets: [offset, end] };
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  const file = await open(path, 'w');
  await file.write(Buffer.concat([start, text]));
  let seed = 1;
  for (const [rows, columns] of shapes.values()) {
    await file.write(Buffer.from(randomValues(rows * columns, seed++).buffer));
  }
  await file.close();
};

const NUMPY = `
import json, os, resource, sys, time
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = '2'
import numpy as np
path = sys.argv[1]
with open(path, 'rb') as f:
    n = int.from_bytes(f.read(8), 'little')
    header = json.loads(f.read(n))
begun = time.time()
largest = {}
for name, entry in header.items():
    begin, end = entry['data_offsets']
    with open(path, 'rb') as f:
        f.seek(8 + n + begin)
        a = np.frombuffer(f.read(end - begin), dtype='<f4').reshape(entry['shape']).astype(np.float64)
    largest[name] = np.linalg.svd(a, compute_uv=False).tolist()
print(json.dumps({'seconds': time.time() - begun, 'peak': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 'values': largest}))
`;

const WORK = "exact spectra of a checkpoint of BERT-base's shapes, one set of values";
const GOAL = 1.5;

const folder = mkdtempSync(join(tmpdir(), 'pentimento-bench-'));
try {
  const file = join(folder, 'bert.safetensors');
  await writeCheckpoint(file);
  const engine = await startEngine();
  const begun = performance.now();
  const { layers, parameters } = await engine.run('describeCheckpoint', { file, convolution: 'reshape' });
  const question = { file, convolution: 'reshape', method: 'exact' } as const;
  const spectra = await Promise.all(
    layers.map(({ name }) => engine.run('layerSpectrum', { ...question, layer: name })),
  );
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${layers.length} layers, ${(parameters / 1e6).toFixed(1)} M parameters, ${availableParallelism()} cores`,
  );
  console.log(
    `  engine: ${seconds.toFixed(1)} s for values, a shuffled copy's values, and all measures; largest resident memory ${engine.peak().toFixed(0)} MB`,
  );
  engine.stop();
  const python = spawnSync('python3', ['-c', NUMPY, file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (python.status !== 0) {
    console.log('  numpy: not measured (python3 with numpy is not there)');
    report({ work: WORK, ours: `${seconds.toFixed(1)} s`, peer: null, goal: GOAL });
  } else {
    const numpy = JSON.parse(python.stdout) as {
      seconds: number;
      peak: number;
      values: Record<string, number[]>;
    };
    let worst = 0;
    for (const { layer, singularValues } of spectra) {
      const expected = numpy.values[layer];
      for (const [i, sigma] of singularValues.entries()) {
        worst = Math.max(worst, Math.abs(sigma - expected[i]) / expected[0]);
      }
    }
    console.log(
      `  numpy:  ${numpy.seconds.toFixed(1)} s for values alone; largest resident memory ${numpy.peak.toFixed(0)} MB`,
    );
    console.log(
      `  ratio ${(seconds / numpy.seconds).toFixed(2)}, counting that the engine takes two spectra of each matrix: ${(seconds / 2 / numpy.seconds).toFixed(2)}`,
    );
    const ratio = (2 * numpy.seconds) / seconds;
    report({
      work: WORK,
      ours: `${(seconds / 2).toFixed(1)} s, half of the time for these and those of a shuffled copy`,
      peer: { name: 'numpy', measured: `${numpy.seconds.toFixed(1)} s` },
      ratio: { median: ratio, lowest: ratio, highest: ratio },
      goal: GOAL,
      agreement: `values within ${worst.toExponential(1)} of the largest`,
    });
    console.log(
      `  largest difference of a singular value, relative to the largest of its matrix: ${worst.toExponential(1)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
