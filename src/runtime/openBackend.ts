import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendChoice, inputFault } from '../protocol/index.ts';
import { openEagerBackend } from './eager.ts';
import { type OnnxRuntime, openOnnxBackend } from './onnxProgram.ts';
import type { Backend } from './program.ts';

const message = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0] : String(error);

async function openNative(threads: number): Promise<Backend> {
  // The library's own telemetry is on by default on some platforms; it reads this variable on loading.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = (await import('onnxruntime-node')) as unknown as OnnxRuntime & { default?: OnnxRuntime };
  const reason = `onnxruntime-node on ${threads} thread${threads === 1 ? '' : 's'} (native CPU)`;
  return openOnnxBackend(runtime.default ?? runtime, { kind: 'native', reason, threads });
}

async function openWasm(threads: number, why: string): Promise<Backend> {
  const runtime = (await import('onnxruntime-web')) as unknown as OnnxRuntime & { default?: OnnxRuntime };
  const reason = `onnxruntime-web (WebAssembly), because ${why}`;
  return openOnnxBackend(
    runtime.default ?? runtime,
    { kind: 'wasm', reason, threads },
    { executionProviders: ['wasm'] },
  );
}

/**
 * tfjs-node-gpu is the user's own install: it is searched for beside this package (or in `from`), never in the
 * working directory, whose code must not run without consent.
 */
async function openGpu(from: string | URL): Promise<Backend> {
  const require = createRequire(from);
  require('@tensorflow/tfjs-node-gpu');
  await tf.setBackend('tensorflow');
  return openEagerBackend('tensorflow', '@tensorflow/tfjs-node-gpu is installed');
}

/** What a user changes to get another backend: an option of the command line, or a setting of the editor. */
export interface BackendPlace {
  /** As the user knows it. */
  readonly name: string;
  /** What to do when the chosen backend does not start. */
  readonly remedy: string;
}

const OPTION: BackendPlace = { name: '--backend', remedy: 'Use --backend auto' };

/**
 * Opens the best backend that works here: eager on the GPU if the user installed tfjs-node-gpu, else recorded graphs
 * in onnxruntime-node, else in onnxruntime-web. A choice other than `auto` is used or refused, never replaced.
 */
export async function openBackend(
  choice: BackendChoice = 'auto',
  {
    threads = availableParallelism(),
    gpuRuntimeFrom = import.meta.url,
    place = OPTION,
  }: { threads?: number; gpuRuntimeFrom?: string | URL; place?: BackendPlace } = {},
): Promise<Backend> {
  const refuse = (what: string, error: unknown) =>
    inputFault(
      `the ${choice} backend cannot start: ${what} (${message(error)})`,
      place.name,
      place.remedy,
      error,
    );
  if (choice === 'eager') return openEagerBackend();
  if (choice === 'gpu' || choice === 'auto') {
    try {
      return await openGpu(gpuRuntimeFrom);
    } catch (error) {
      if (choice === 'gpu') throw refuse('@tensorflow/tfjs-node-gpu is not usable', error);
    }
  }
  if (choice === 'wasm') return openWasm(threads, 'it was asked for');
  try {
    return await openNative(threads);
  } catch (error) {
    if (choice === 'native') throw refuse('onnxruntime-node has no binary that loads here', error);
    return openWasm(threads, `onnxruntime-node does not load here (${message(error)})`);
  }
}
