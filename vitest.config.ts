import { defineConfig } from 'vitest/config';

const TFJS = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients.js',
  '@tensorflow/tfjs-backend-cpu',
];

export default defineConfig({
  // tfjs publishes its gradients as modules only, which Node cannot load as they are: bundle them, as the build does.
  resolve: { mainFields: ['module', 'main'] },
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/golden/**/*.test.ts',
      'test/cli/**/*.test.ts',
      'test/corpus/**/*.test.ts',
    ],
    deps: { optimizer: { ssr: { enabled: true, include: TFJS } } },
    // Native code (onnxruntime) lives in a process of its own, as it does in the extension.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
