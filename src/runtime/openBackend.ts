import { availableParallelism } from 'node:os';
import { type BackendChoice, inputFault } from '../protocol/index.ts';
import { openEagerBackend } from './eager.ts';
import { type OnnxRuntime, openOnnxBackend } from './onnxProgram.ts';
import type { Backend } from './program.ts';
import { openTensorflow, TENSORFLOW_PACKAGE } from './tensorflow.ts';
import { openWebGpu } from './webGpu.ts';

const message = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0] : String(error);

async function loadNative(): Promise<OnnxRuntime> {
  // The library's own telemetry is on by default on some platforms; it reads this variable on loading.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const runtime = (await import('onnxruntime-node')) as unknown as OnnxRuntime & { default?: OnnxRuntime };
  return runtime.default ?? runtime;
}

async function openNative(threads: number): Promise<Backend> {
  const reason = `onnxruntime-node on ${threads} thread${threads === 1 ? '' : 's'} (native CPU)`;
  return openOnnxBackend(await loadNative(), { kind: 'native', reason, threads });
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

/** What a user changes to get another backend: an option of the command line, or a setting of the editor. */
export interface BackendPlace {
  /** As the user knows it. */
  readonly name: string;
  /** What to do when the chosen backend does not start. */
  readonly remedy: string;
}

const OPTION: BackendPlace = { name: '--backend', remedy: 'Use --backend auto' };

/** What runs again and again, or in double precision, runs on the CPU: no GPU here has doubles. */
const besideCpu = (gpu: Backend, cpu: Backend): Backend => ({
  kind: gpu.kind,
  reason: `${gpu.reason}; probes and sums in double precision in ${cpu.reason}`,
  threads: cpu.threads,
  compile: (fn, inputs, options = {}) =>
    (options.takesTurns || options.precision === 'float64' ? cpu : gpu).compile(fn, inputs, options),
  compileStepper: (fn, inputs, carried, options = {}) =>
    (options.precision === 'float64' ? cpu : gpu).compileStepper(fn, inputs, carried, options),
});

/** Not installed, which is no fault; a package that lacks a module of its own is one. */
const isMissing = (error: unknown): boolean =>
  (error as { code?: string }).code === 'MODULE_NOT_FOUND' &&
  message(error).includes(`'${TENSORFLOW_PACKAGE}'`);

interface BackendOptions {
  readonly threads?: number;
  /** Where `@tensorflow/tfjs-node-gpu` is searched for. */
  readonly gpuRuntimeFrom?: string | URL;
  readonly place?: BackendPlace;
}

/**
 * Opens the best backend that works here: TensorFlow if the user installed tfjs-node-gpu, else recorded graphs in onnxruntime-node on the
 * CPU, else in onnxruntime-web. A choice other than `auto` is used or refused, never replaced. WebGPU is used only if it is chosen.
 */
export async function openBackend(
  choice: BackendChoice = 'auto',
  { threads = availableParallelism(), gpuRuntimeFrom = import.meta.url, place = OPTION }: BackendOptions = {},
): Promise<Backend> {
  const tried = async <T>(what: string, open: () => Promise<T>): Promise<T> => {
    try {
      return await open();
    } catch (error) {
      const reason = `the ${choice} backend cannot start: ${what} (${message(error)})`;
      throw inputFault(reason, place.name, place.remedy, error);
    }
  };
  const onCpu = async (): Promise<Backend> => {
    try {
      return await openNative(threads);
    } catch (error) {
      return openWasm(threads, `onnxruntime-node does not load here (${message(error)})`);
    }
  };
  const onTensorflow = async () => besideCpu(await openTensorflow(gpuRuntimeFrom), await onCpu());
  switch (choice) {
    case 'eager':
      return openEagerBackend();
    case 'wasm':
      return openWasm(threads, 'it was asked for');
    case 'native':
      return tried('onnxruntime-node has no binary that loads here', () => openNative(threads));
    case 'webgpu':
      return tried('there is no GPU here that WebGPU can use', async () =>
        besideCpu(await openWebGpu(await loadNative()), await openNative(threads)),
      );
    case 'tensorflow':
      return tried('@tensorflow/tfjs-node-gpu is not usable', onTensorflow);
    case 'auto': {
      try {
        return await onTensorflow();
      } catch (error) {
        const cpu = await onCpu();
        if (isMissing(error)) return cpu;
        return { ...cpu, reason: `${cpu.reason}, because TensorFlow does not start (${message(error)})` };
      }
    }
  }
}
