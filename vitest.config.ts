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

export default defineConfig({
  // tfjs publishes its gradients as modules only, which Node cannot load as they are: bundle them, as the build does.
  resolve: { mainFields: ['module', 'main'] },
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/golden/**/*.test.ts',
      'test/cli/**/*.test.ts',
      'test/corpus/**/*.test.ts',
      'test/hostile/**/*.test.ts',
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
