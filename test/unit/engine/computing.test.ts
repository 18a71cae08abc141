import { expect, it } from 'vitest';
import { backendOf } from '../../../src/engine/computing.ts';
import { openBackend } from '../../../src/runtime/index.ts';

/** Where no GPU runtime can be. */
const gpuRuntime = '/nowhere/gpu-runtime';

it('names the setting, not an option of the command line, when a backend cannot start', async () => {
  await expect(backendOf({ backend: 'tensorflow', threads: 1, gpuRuntime })).rejects.toMatchObject({
    kind: 'input',
    where: 'the setting pentimento.backend',
    what: expect.stringMatching(/^the tensorflow backend cannot start: /),
    remedy: 'Set it to auto',
  });
  await expect(
    openBackend('tensorflow', { gpuRuntimeFrom: 'file:///nowhere/gpu-runtime/index.js' }),
  ).rejects.toMatchObject({ where: '--backend', remedy: 'Use --backend auto' });
});
