import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const TFJS = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients.js',
  '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-converter',
];

/** Of the order of files and tests; vitest prints it. `npm test -- --seed N` sets it, to meet a failure again. */
const seed = Number(process.env.PENTIMENTO_TEST_SEED || Date.now());

const path = (name: string): string => join(import.meta.dirname, name);

/** They compute with TensorFlow.js as it is, whose current backend belongs to the whole process. */
const ON_A_BACKEND = ['model', 'runtime', 'sources', 'train'];

/** A file after them in the same process would get the module that they put in place of another. */
const replacesModule = (file: string): boolean =>
  file.endsWith('.test.ts') && /\bvi\.(mock|doMock)\(/.test(readFileSync(path(file), 'utf8'));

const replacing = readdirSync(path('test/unit'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/unit/${name.replaceAll('\\', '/')}`)
  .filter(replacesModule);
const ownProcess = ON_A_BACKEND.map((folder) => `test/unit/${folder}/**/*.test.ts`).concat(replacing);

export default defineConfig({
  // tfjs publishes its gradients as modules only, which Node cannot load as they are: bundle them, as the build does.
  resolve: { mainFields: ['module', 'main'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          // Six processes take one file after another and load a module once, not once for every file: half of their time.
          name: 'modules',
          include: ['test/unit/**/*.test.ts'],
          exclude: ownProcess,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: [
            ...ownProcess,
            'test/golden/**/*.test.ts',
            'test/cli/**/*.test.ts',
            'test/corpus/**/*.test.ts',
            'test/hostile/**/*.test.ts',
          ],
          sequence: { groupOrder: 1 },
        },
      },
    ],
    setupFiles: ['test/seededProperties.ts'],
    deps: { optimizer: { ssr: { enabled: true, include: TFJS } } },
    // Native code (onnxruntime) lives in a process of its own, as it does in the extension.
    pool: 'forks',
    // More than two cores need: many tests wait for a process of their own.
    maxWorkers: 6,
    // A test that needs another to run before it is found by this.
    sequence: { shuffle: { files: true, tests: true }, seed },
    // These end what hangs, nothing else: on a busy machine everything takes several times as long.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
