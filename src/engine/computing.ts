import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Computing } from '../protocol/index.ts';
import { type Backend, openBackend } from '../runtime/index.ts';

/** The backend that a job requests. The GPU runtime is searched for where Install GPU Runtime put it. */
export const backendOf = ({ backend, threads, gpuRuntime }: Computing): Promise<Backend> =>
  openBackend(backend, {
    threads: threads === 0 ? availableParallelism() : threads,
    gpuRuntimeFrom: gpuRuntime === undefined ? undefined : pathToFileURL(join(gpuRuntime, 'index.js')),
  });
