import { openSafetensors } from '../checkpoint/index.ts';
import type { JobHandler } from './connection.ts';

/** The tensors of a safetensors file, from its header alone. */
export const describeCheckpointJob: JobHandler<'describeCheckpoint'> = async ({ file }) => {
  const checkpoint = await openSafetensors(file);
  try {
    const tensors = [...checkpoint.tensors.values()].map(({ name, dtype, shape }) => ({
      name,
      dtype,
      shape,
    }));
    const parameters = tensors.reduce(
      (total, { shape }) => total + shape.reduce((product, extent) => product * extent, 1),
      0,
    );
    return { format: 'safetensors', parameters, tensors };
  } finally {
    await checkpoint.close();
  }
};
