import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gpuObstacles } from '../../../extension/commands/gpuRequirements.ts';

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...parts: unknown[]) => text.replace(/\{(\d)\}/g, (_, place) => String(parts[place])),
  },
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pentimento-cuda-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const OLD_NODE = '22.15.0';

it.each([
  ['linux', ['libcudart.so.11.0', 'libcudnn.so.8'], 'LD_LIBRARY_PATH'],
  ['win32', ['cudart64_110.dll', 'cudnn64_8.dll'], 'PATH'],
] as const)(
  'on %s, CUDA and cuDNN are looked for where the loader looks',
  (platform, libraries, variable) => {
    const environment = { [variable]: ['/nowhere', folder].join(delimiter) };
    const machine = { platform, node: OLD_NODE, environment };
    writeFileSync(join(folder, libraries[0]), '');
    expect(gpuObstacles(machine)).toEqual([
      `Not found here: ${libraries[1]}. Without CUDA 11 and cuDNN 8, TensorFlow computes on the CPU.`,
    ]);
    writeFileSync(join(folder, libraries[1]), '');
    expect(gpuObstacles(machine)).toEqual([]);
    expect(gpuObstacles({ ...machine, node: '24.1.0' })).toEqual([
      'This VS Code runs Node 24, and the package was made for Node 22 and older. Pentimento defines the functions that it misses.',
    ]);
  },
);

it('macOS has no build for its GPU', () => {
  expect(gpuObstacles({ platform: 'darwin', node: OLD_NODE, environment: {} })).toEqual([
    'It has no build for the GPU of this platform.',
  ]);
});
