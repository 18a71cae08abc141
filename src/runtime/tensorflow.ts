import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { openEagerBackend } from './eager.ts';
import type { Backend } from './program.ts';

export const TENSORFLOW_PACKAGE = '@tensorflow/tfjs-node-gpu';

/** Removed from Node 23, but called by the last release of tfjs-node (4.22.0, December 2024). */
const REMOVED = {
  isNullOrUndefined: (value: unknown) => value == null,
  isArray: Array.isArray,
};

/**
 * TensorFlow on an NVIDIA GPU, of the user's own tfjs-node-gpu. It is searched for beside `from`, never in the working directory, whose
 * code must not run without consent.
 */
export async function openTensorflow(from: string | URL): Promise<Backend> {
  const require = createRequire(from);
  // What `require` gives can be changed; the namespace of an ES module cannot.
  const patched = require('node:util') as Record<string, unknown>;
  for (const [name, definition] of Object.entries(REMOVED)) patched[name] ??= definition;
  require(TENSORFLOW_PACKAGE);
  if (!(await tf.setBackend('tensorflow'))) throw new Error(`${TENSORFLOW_PACKAGE} does not start`);
  return openEagerBackend('tensorflow', `${TENSORFLOW_PACKAGE} is installed`);
}
