import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { l10n } from 'vscode';

/** What `@tensorflow/tfjs-node-gpu` 4.22.0 needs, found out before it is installed. */

/** The libraries that its TensorFlow 2.9.1 loads: of CUDA 11 and cuDNN 8, by these names. */
const LIBRARIES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libcudart.so.11.0', 'libcudnn.so.8'],
  win32: ['cudart64_110.dll', 'cudnn64_8.dll'],
};

/** The newest Node that has all functions that the package calls. */
const NEWEST_NODE = 22;

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Of Node, such as `22.15.0`. */
  readonly node: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where the loader of the platform looks, and where NVIDIA's installers put CUDA. */
function libraryFolders({ platform, environment }: Machine): string[] {
  if (platform === 'win32') return (environment.PATH ?? environment.Path ?? '').split(delimiter);
  const installed = existsSync('/usr/local') ? readdirSync('/usr/local') : [];
  return [
    ...(environment.LD_LIBRARY_PATH ?? '').split(delimiter),
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    ...installed.filter((name) => name.startsWith('cuda')).map((name) => `/usr/local/${name}/lib64`),
  ].filter((folder) => folder !== '');
}

/** What is against using the GPU through this package here, a sentence each. Empty if all that it needs was found. */
export function gpuObstacles(machine: Machine): string[] {
  const libraries = LIBRARIES[machine.platform];
  if (libraries === undefined) return [l10n.t('It has no build for the GPU of this platform.')];
  const folders = libraryFolders(machine);
  const missing = libraries.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  const version = Number.parseInt(machine.node, 10);
  return [
    ...(missing.length === 0
      ? []
      : [
          l10n.t(
            'Not found here: {0}. Without CUDA 11 and cuDNN 8, TensorFlow computes on the CPU.',
            missing.join(', '),
          ),
        ]),
    ...(version <= NEWEST_NODE
      ? []
      : [
          l10n.t(
            'This VS Code runs Node {0}, and the package was made for Node {1} and older. Pentimento defines the functions that it misses.',
            version,
            NEWEST_NODE,
          ),
        ]),
  ];
}
