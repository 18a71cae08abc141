import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ExtensionContext, workspace } from 'vscode';
import type { Computing } from '../../src/protocol/messages.ts';

/** The folder that Install GPU Runtime fills. */
export const gpuRuntimeFolder = (context: ExtensionContext): string =>
  join(context.globalStorageUri.fsPath, 'gpu-runtime');

/** How jobs compute, from the settings. */
export const computingOf = (context: ExtensionContext): Computing => {
  const settings = workspace.getConfiguration('pentimento');
  const gpuRuntime = gpuRuntimeFolder(context);
  return {
    backend: settings.get<Computing['backend']>('backend', 'auto'),
    threads: settings.get('threads', 0),
    ...(existsSync(join(gpuRuntime, 'node_modules')) ? { gpuRuntime } : {}),
  };
};
