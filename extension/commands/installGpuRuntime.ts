import { join } from 'node:path';
import { l10n, ShellExecution, Task, TaskRevealKind, TaskScope, tasks } from 'vscode';
import { makeFolder, writeAtomically } from '../../src/disk/index.ts';
import { gpuRuntimeFolder } from '../engine/computing.ts';
import type { Services } from '../services.ts';
import { confirm, showError, showInformation } from '../shown/messages.ts';
import { gpuObstacles } from './gpuRequirements.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu@4.22.0';

/**
 * Install GPU Runtime: installs tfjs-node-gpu in the extension's storage with the user's npm, in a visible
 * terminal. Its install script fetches the CUDA build of TensorFlow, so the user is asked first, and told what is against it.
 */
export const installGpuRuntime =
  ({ context, log }: Services) =>
  async (): Promise<void> => {
    const { platform, versions, env } = process;
    const detail = [
      l10n.t(
        'npm downloads about 1 GB into the storage of this extension and runs the package’s install script. The package is not maintained: its last release is of December 2024. It needs an NVIDIA GPU with CUDA 11 and cuDNN 8 installed.',
      ),
      ...gpuObstacles({ platform, node: versions.node, environment: env }),
      l10n.t('The backend webgpu uses any GPU and needs no installation.'),
    ].join('\n\n');
    if (!(await confirm(l10n.t('Install {0}?', PACKAGE), l10n.t('Install'), detail))) return;
    const folder = gpuRuntimeFolder(context);
    await makeFolder(folder);
    await writeAtomically(join(folder, 'package.json'), '{"private":true}\n');
    const task = new Task(
      { type: 'pentimento' },
      TaskScope.Workspace,
      l10n.t('Install GPU Runtime'),
      'Pentimento',
      new ShellExecution('npm', ['install', '--no-audit', '--no-fund', PACKAGE], { cwd: folder }),
    );
    task.presentationOptions = { reveal: TaskRevealKind.Always };
    const execution = await tasks.executeTask(task);
    const ended = tasks.onDidEndTaskProcess(({ execution: which, exitCode }) => {
      if (which !== execution) return;
      ended.dispose();
      log.info(`GPU runtime: npm ended with ${exitCode}`);
      if (exitCode === 0) {
        void showInformation(l10n.t('The GPU runtime is installed. The next job uses it.'));
      } else {
        void showError(
          l10n.t(
            'npm could not install {0}. Check its terminal for the reason. Pentimento still uses the CPU.',
            PACKAGE,
          ),
        );
      }
    });
  };
