// Bundles what runs inside VS Code, a suite or a benchmark, as the CommonJS module that an extension host loads.
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/setup.mjs';

/** The settings of a window that shows only the extension. */
export const plainWindow = {
  'workbench.startupEditor': 'none',
  'window.commandCenter': false,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Default Dark Modern',
};

/** Bundles `entry` into a folder of `.vscode-test` and returns the path of the module. */
export async function bundleSuite(entry, folder) {
  const outdir = join(root, '.vscode-test', folder);
  await build({
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(outdir, 'index.cjs');
}
