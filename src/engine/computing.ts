import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Computing } from '../protocol/index.ts';
import { type Backend, type BackendPlace, openBackend } from '../runtime/index.ts';

/** Only the editor asks the engine. */
const SETTING: BackendPlace = {
  name: 'the setting pentimento.backend',
  remedy: 'Set it to auto',
};

/** The backend that a job requests. The GPU runtime is searched for where Install GPU Runtime put it. */
export const backendOf = ({ backend, threads, gpuRuntime }: Computing): Promise<Backend> =>
  openBackend(backend, {
    threads: threads === 0 ? availableParallelism() : threads,
    place: SETTING,
    gpuRuntimeFrom: gpuRuntime === undefined ? undefined : pathToFileURL(join(gpuRuntime, 'index.js')),
  });
